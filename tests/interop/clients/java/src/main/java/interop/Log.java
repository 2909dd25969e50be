package interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Produces and consumes. */
final class Log {
    private final Settings settings;

    Log(Settings settings) {
        this.settings = settings;
    }

    static byte[] encode(JsonElement text) {
        return text.isJsonNull() ? null : text.getAsString().getBytes(StandardCharsets.UTF_8);
    }

    static String decode(byte[] data) {
        return data == null ? null : new String(data, StandardCharsets.UTF_8);
    }

    /** Sends, and waits until each is acknowledged. */
    static void send(KafkaProducer<byte[], byte[]> producer, String topic, JsonArray records)
            throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (JsonElement each : records) {
            JsonObject r = each.getAsJsonObject();
            List<Header> headers = new ArrayList<>();
            for (JsonElement pair : r.getAsJsonArray("headers")) {
                headers.add(new RecordHeader(pair.getAsJsonArray().get(0).getAsString(),
                        encode(pair.getAsJsonArray().get(1))));
            }
            sent.add(producer.send(new ProducerRecord<>(topic, r.get("partition").getAsInt(),
                    r.get("timestamp").getAsLong(), encode(r.get("key")), encode(r.get("value")),
                    headers)));
        }
        producer.flush();
        for (Future<?> future : sent) {
            future.get();
        }
    }

    private void produce(JsonObject o) throws Exception {
        Map<String, Object> s = settings.producer();
        s.put("compression.type", o.get("codec").getAsString());
        s.put("enable.idempotence", o.has("idempotent"));
        if (o.has("max_request")) {
            s.put("max.request.size", o.get("max_request").getAsInt());
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(s)) {
            send(producer, o.get("topic").getAsString(), o.getAsJsonArray("records"));
        }
    }

    static Map<String, Object> shape(ConsumerRecord<byte[], byte[]> r) {
        Map<String, Object> shape = new HashMap<>();
        shape.put("partition", r.partition());
        shape.put("offset", r.offset());
        shape.put("key", decode(r.key()));
        shape.put("value", decode(r.value()));
        shape.put("timestamp", r.timestamp());
        List<List<String>> headers = new ArrayList<>();
        for (Header h : r.headers()) {
            List<String> pair = new ArrayList<>();
            pair.add(h.key());
            pair.add(decode(h.value()));
            headers.add(pair);
        }
        shape.put("headers", headers);
        return shape;
    }

    private Map<String, Object> consume(JsonObject o) {
        Map<String, Object> s = settings.consumer();
        s.put("auto.offset.reset", o.has("reset") ? o.get("reset").getAsString() : "none");
        if (o.has("isolation")) {
            s.put("isolation.level", o.get("isolation").getAsString());
        }
        Map<TopicPartition, Long> missing = new HashMap<>();
        String topic = o.get("topic").getAsString();
        o.getAsJsonObject("until").entrySet().forEach(e -> missing.put(
                new TopicPartition(topic, Integer.parseInt(e.getKey())), e.getValue().getAsLong()));
        List<Map<String, Object>> records = new ArrayList<>();
        long end = System.currentTimeMillis() + o.get("wait_ms").getAsLong();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(s)) {
            consumer.assign(missing.keySet());
            o.getAsJsonObject("start").entrySet().forEach(e -> consumer.seek(
                    new TopicPartition(topic, Integer.parseInt(e.getKey())),
                    e.getValue().getAsLong()));
            while (!missing.isEmpty()) {
                if (System.currentTimeMillis() > end) {
                    if (o.has("may_time_out")) {
                        break;
                    }
                    throw new TimeoutException("still missing " + missing);
                }
                for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(200))) {
                    records.add(shape(r));
                    TopicPartition p = new TopicPartition(r.topic(), r.partition());
                    if (missing.containsKey(p) && r.offset() >= missing.get(p)) {
                        missing.remove(p);
                    }
                }
            }
        }
        return Map.of("records", records);
    }

    Map<String, Object> answer(String order, JsonObject o) throws Exception {
        if (order.equals("consume")) {
            return consume(o);
        }
        produce(o);
        return Map.of();
    }
}
