package interop;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** One member of a group, until standard input ends. */
final class Member implements ConsumerRebalanceListener {
    private final TreeSet<Integer> owned = new TreeSet<>();

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(p -> owned.add(p.partition()));
        Client.say(Map.of("event", "owns", "partitions", owned));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(p -> owned.remove(p.partition()));
        Client.say(Map.of("event", "owns", "partitions", owned));
    }

    private static Map<String, Object> settings(Settings settings, JsonObject o) {
        Map<String, Object> s = settings.consumer();
        String assignor = o.get("assignor").getAsString();
        s.put("group.id", o.get("group").getAsString());
        s.put("auto.offset.reset", "earliest");
        if (assignor.equals("consumer")) {
            s.put("group.protocol", "consumer");
        } else {
            s.put("session.timeout.ms", o.get("session_ms").getAsInt());
            s.put("heartbeat.interval.ms", 500);
            s.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer."
                    + (assignor.equals("cooperative") ? "CooperativeSticky" : "Range")
                    + "Assignor");
        }
        if (o.has("instance")) {
            s.put("group.instance.id", o.get("instance").getAsString());
        }
        return s;
    }

    private static AtomicBoolean askedToEnd() {
        AtomicBoolean end = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try {
                System.in.readAllBytes();
            } catch (java.io.IOException e) {
                // The same as its end.
            }
            end.set(true);
        });
        reader.setDaemon(true);
        reader.start();
        return end;
    }

    static void run(Settings settings, JsonObject o) {
        AtomicBoolean end = askedToEnd();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(settings, o))) {
            consumer.subscribe(List.of(o.get("topic").getAsString()), new Member());
            while (!end.get()) {
                ConsumerRecords<byte[], byte[]> read = consumer.poll(Duration.ofMillis(100));
                read.forEach(r -> Client.say(Map.of("event", "record", "partition", r.partition(),
                        "offset", r.offset(), "value", Log.decode(r.value()))));
                if (!read.isEmpty()) {
                    try {
                        consumer.commitSync();
                    } catch (CommitFailedException | RebalanceInProgressException e) {
                        // A rebalance meanwhile: whoever has the partition now reads it again.
                        Client.say(Map.of("event", "error", "message", e.toString()));
                    }
                }
            }
        }
    }
}
