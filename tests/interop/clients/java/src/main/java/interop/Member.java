package interop;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** One member of a group, until standard input ends. */
final class Member implements ConsumerRebalanceListener {
    private final Set<Object> owned = new TreeSet<>();
    /** Whether its topics are named by a pattern; partitions are then told with their topic. */
    private final boolean hasPattern;

    private Member(boolean hasPattern) {
        this.hasPattern = hasPattern;
    }

    private Object label(String topic, int partition) {
        return hasPattern ? topic + "/" + partition : (Object) partition;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(p -> owned.add(label(p.topic(), p.partition())));
        Client.say(Map.of("event", "owns", "partitions", owned));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(p -> owned.remove(label(p.topic(), p.partition())));
        Client.say(Map.of("event", "owns", "partitions", owned));
    }

    private void subscribe(KafkaConsumer<byte[], byte[]> consumer, JsonObject o) {
        if (!hasPattern) {
            consumer.subscribe(List.of(o.get("topic").getAsString()), this);
        } else if (o.get("assignor").getAsString().equals("consumer")) {
            consumer.subscribe(new SubscriptionPattern(o.get("pattern").getAsString()), this);
        } else {
            consumer.subscribe(Pattern.compile(o.get("pattern").getAsString()), this);
        }
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
            } catch (IOException e) {
                // The same as its end.
            }
            end.set(true);
        });
        reader.setDaemon(true);
        reader.start();
        return end;
    }

    /** Waits for a line, with everything ready. */
    private static void hold() throws IOException {
        Client.say(Map.of("event", "held"));
        for (int c = System.in.read(); c != '\n' && c >= 0; c = System.in.read()) {
            // Nothing is said on it.
        }
    }

    static void run(Settings settings, JsonObject o) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(settings, o))) {
            if (o.has("held")) {
                // Connects, so that what is left is to join: loading classes takes its time.
                consumer.partitionsFor(o.get("topic").getAsString());
                hold();
            }
            AtomicBoolean end = askedToEnd();
            Member member = new Member(o.has("pattern"));
            member.subscribe(consumer, o);
            while (!end.get()) {
                ConsumerRecords<byte[], byte[]> read = consumer.poll(Duration.ofMillis(100));
                read.forEach(r -> Client.say(Map.of("event", "record", "partition",
                        member.label(r.topic(), r.partition()), "offset", r.offset(), "value",
                        Log.decode(r.value()))));
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
