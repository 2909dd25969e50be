// kafkajs reads partition 0 of "rev" to the high watermark: see read.sh. It reads in groups only.
const { Kafka, logLevel } = require("kafkajs");

const text = (value) => (value === null ? "NULL" : value.toString());
const kafka = new Kafka({ brokers: process.argv[2].split(","), logLevel: logLevel.ERROR });
const from = process.argv[3];

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets("rev");
  const end = BigInt(partition.high);
  const low = BigInt(partition.low);
  await admin.disconnect();
  if (low >= end) {
    return;
  }
  const consumer = kafka.consumer({ groupId: "kafkajs-reader", maxWaitTimeInMs: 50 });
  let finish;
  const finished = new Promise((resolve) => { finish = resolve; });
  // Its own word on how far it has come, empty batches included.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (BigInt(payload.lastOffset) + 1n >= end) {
      finish();
    }
  });
  await consumer.connect();
  await consumer.subscribe({ topic: "rev", fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      console.log(`${message.offset} ${text(message.key)} ${text(message.value)}`);
    },
  });
  if (from !== "earliest") {
    consumer.seek({ topic: "rev", partition: 0, offset: from });
  }
  await finished;
  await consumer.disconnect();
}

main().catch((error) => { console.error(error); process.exit(2); });
