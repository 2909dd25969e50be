# aiokafka reads partition 0 of "rev" to the high watermark: see read.sh.
import asyncio
import sys

from aiokafka import AIOKafkaConsumer, TopicPartition


def text(value):
    return "NULL" if value is None else value.decode()


async def main():
    consumer = AIOKafkaConsumer(
        bootstrap_servers=sys.argv[1], auto_offset_reset="earliest", enable_auto_commit=False,
        group_id=None, fetch_max_wait_ms=50, check_crcs=True)
    await consumer.start()
    partition = TopicPartition("rev", 0)
    consumer.assign([partition])
    if sys.argv[2] == "earliest":
        await consumer.seek_to_beginning(partition)
    else:
        consumer.seek(partition, int(sys.argv[2]))
    end = (await consumer.end_offsets([partition]))[partition]
    while await consumer.position(partition) < end:
        for records in (await consumer.getmany(timeout_ms=100)).values():
            for r in records:
                print(r.offset, text(r.key), text(r.value), flush=True)
    await consumer.stop()


asyncio.run(main())
