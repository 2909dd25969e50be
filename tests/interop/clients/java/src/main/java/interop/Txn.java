package interop;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Transactions; producers are kept by their transactional id. */
final class Txn {
    private final Settings settings;
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    /** Readers that stay in their group, of work that is to be ended later. */
    private final List<KafkaConsumer<byte[], byte[]>> left = new ArrayList<>();

    Txn(Settings settings) {
        this.settings = settings;
    }

    private KafkaProducer<byte[], byte[]> init(String id) {
        Map<String, Object> s = settings.producer();
        s.put("transactional.id", id);
        s.put("transaction.timeout.ms", Settings.PATIENCE_MS);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(s);
        producers.put(id, producer);
        producer.initTransactions();
        return producer;
    }

    private KafkaConsumer<byte[], byte[]> reader(JsonObject o) {
        Map<String, Object> s = settings.consumer();
        s.put("group.id", o.get("group").getAsString());
        s.put("auto.offset.reset", "earliest");
        s.put("isolation.level", "read_committed");
        if (o.has("assignor") && o.get("assignor").getAsString().equals("consumer")) {
            s.put("group.protocol", "consumer");
        } else if (o.has("session_ms")) {
            s.put("session.timeout.ms", o.get("session_ms").getAsInt());
            s.put("heartbeat.interval.ms", 500);
        }
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(s);
        consumer.subscribe(List.of(o.get("source").getAsString()));
        return consumer;
    }

    /** Reads so many, sends them in upper case, and the offsets with them; nothing is ended. */
    private void work(JsonObject o, KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer) {
        long end = System.currentTimeMillis() + Settings.PATIENCE_MS;
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        while (read.size() < o.get("count").getAsInt()) {
            if (System.currentTimeMillis() > end) {
                throw new TimeoutException(read.size() + " records only");
            }
            consumer.poll(Duration.ofMillis(200)).forEach(read::add);
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> r : read) {
            byte[] upper = Log.decode(r.value()).toUpperCase().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(o.get("sink").getAsString(), r.partition(),
                    r.key(), upper));
            offsets.put(new TopicPartition(r.topic(), r.partition()),
                    new OffsetAndMetadata(r.offset() + 1));
        }
        producer.flush();
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
    }

    private void transform(JsonObject o) {
        String id = o.get("id").getAsString();
        String outcome = o.get("outcome").getAsString();
        KafkaProducer<byte[], byte[]> producer =
                producers.containsKey(id) ? producers.get(id) : init(id);
        KafkaConsumer<byte[], byte[]> consumer = reader(o);
        if (outcome.equals("leave")) {
            left.add(consumer);
            work(o, producer, consumer);
            return;
        }
        try (consumer) {
            work(o, producer, consumer);
            if (outcome.equals("commit")) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    Map<String, Object> answer(String order, JsonObject o) throws Exception {
        String id = o.get("id").getAsString();
        switch (order) {
            case "txn-init" -> init(id);
            case "txn-begin" -> producers.get(id).beginTransaction();
            case "txn-send" -> Log.send(producers.get(id), o.get("topic").getAsString(),
                    o.getAsJsonArray("records"));
            case "txn-commit", "transform-commit" -> producers.get(id).commitTransaction();
            case "txn-abort" -> producers.get(id).abortTransaction();
            default -> transform(o);
        }
        return Map.of();
    }
}
