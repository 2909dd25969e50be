# kafka-python reads partition 0 of "rev" to the high watermark: see read.sh.
import sys

from kafka import KafkaConsumer, TopicPartition


def text(value):
    return "NULL" if value is None else value.decode()


consumer = KafkaConsumer(
    bootstrap_servers=sys.argv[1], auto_offset_reset="earliest", enable_auto_commit=False,
    group_id=None, fetch_max_wait_ms=50, check_crcs=True)
partition = TopicPartition("rev", 0)
consumer.assign([partition])
if sys.argv[2] == "earliest":
    consumer.seek_to_beginning(partition)
else:
    consumer.seek(partition, int(sys.argv[2]))
end = consumer.end_offsets([partition])[partition]
while consumer.position(partition) < end:
    for records in consumer.poll(timeout_ms=100).values():
        for r in records:
            print(r.offset, text(r.key), text(r.value), flush=True)
consumer.close()
