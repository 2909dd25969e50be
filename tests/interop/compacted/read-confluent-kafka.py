# confluent-kafka (a newer librdkafka than Debian's) reads partition 0 of "rev" to the high
# watermark: see read.sh.
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition


def text(value):
    return "NULL" if value is None else value.decode()


consumer = Consumer({
    "bootstrap.servers": sys.argv[1], "group.id": "unused", "enable.auto.commit": False,
    "auto.offset.reset": "earliest", "enable.partition.eof": True, "check.crcs": True,
    "fetch.wait.max.ms": 50})
begin = OFFSET_BEGINNING if sys.argv[2] == "earliest" else int(sys.argv[2])
consumer.assign([TopicPartition("rev", 0, begin)])
while True:
    r = consumer.poll(0.1)
    if r is None:
        continue
    if r.error():
        if r.error().code() == KafkaError._PARTITION_EOF:
            break
        sys.exit(str(r.error()))
    print(r.offset(), text(r.key()), text(r.value()), flush=True)
consumer.close()
