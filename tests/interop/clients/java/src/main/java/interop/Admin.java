package interop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/** The admin client. */
final class Admin {
    private final Settings settings;
    private AdminClient client;

    Admin(Settings settings) {
        this.settings = settings;
    }

    void close() {
        if (client != null) {
            client.close();
        }
    }

    private AdminClient client() {
        if (client == null) {
            Map<String, Object> s = settings.common();
            s.put("default.api.timeout.ms", Settings.PATIENCE_MS);
            s.put("request.timeout.ms", 10_000);
            client = AdminClient.create(s);
        }
        return client;
    }

    private static <T> T wait(KafkaFuture<T> future) throws Exception {
        return future.get(2L * Settings.PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    private static Map<String, String> strings(JsonObject o, String name) {
        Map<String, String> map = new HashMap<>();
        if (o.has(name) && !o.get(name).isJsonNull()) {
            o.getAsJsonObject(name).entrySet()
                    .forEach(e -> map.put(e.getKey(), e.getValue().getAsString()));
        }
        return map;
    }

    private TopicDescription topic(String topic) throws Exception {
        return wait(client().describeTopics(List.of(topic)).allTopicNames()).get(topic);
    }

    private void create(String topic, JsonObject o) throws Exception {
        int partitions = o.get("partitions").getAsInt();
        wait(client().createTopics(List.of(new NewTopic(topic, partitions, (short) 1)
                .configs(strings(o, "configs")))).all());
        // What the controller has made another broker learns a little later.
        for (boolean known = false; !known;) {
            try {
                known = topic(topic).partitions().stream().allMatch(p -> p.leader() != null);
            } catch (java.util.concurrent.ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
    }

    private Map<String, Object> offsets(String topic, JsonObject o) throws Exception {
        JsonElement at = o.get("at");
        OffsetSpec spec = at.getAsString().equals("earliest") ? OffsetSpec.earliest()
                : at.getAsString().equals("latest") ? OffsetSpec.latest()
                : OffsetSpec.forTimestamp(at.getAsLong());
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        o.getAsJsonArray("partitions").forEach(p ->
                asked.put(new TopicPartition(topic, p.getAsInt()), spec));
        Map<String, Long> offsets = new HashMap<>();
        wait(client().listOffsets(asked).all()).forEach((p, found) ->
                offsets.put(String.valueOf(p.partition()), found.offset()));
        return Map.of("offsets", offsets);
    }

    private static Map<String, Object> describe(TopicDescription found) {
        List<Integer> leaders = new ArrayList<>();
        for (TopicPartitionInfo p : found.partitions()) {
            leaders.add(p.leader() == null ? -1 : p.leader().id());
        }
        return Map.of("partitions", leaders.size(), "leaders", leaders);
    }

    private Map<String, Object> describeConfigs(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> configs = new HashMap<>();
        for (ConfigEntry e : wait(client().describeConfigs(List.of(resource)).all())
                .get(resource).entries()) {
            configs.put(e.name(), e.value());
        }
        return Map.of("configs", configs);
    }

    private void alterConfigs(String topic, JsonObject o) throws Exception {
        List<AlterConfigOp> operations = new ArrayList<>();
        strings(o, "configs").forEach((k, v) -> operations.add(
                new AlterConfigOp(new ConfigEntry(k, v), AlterConfigOp.OpType.SET)));
        wait(client().incrementalAlterConfigs(Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic), operations)).all());
    }

    private void deleteRecords(String topic, JsonObject o) throws Exception {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        strings(o, "before").forEach((p, offset) -> before.put(
                new TopicPartition(topic, Integer.parseInt(p)),
                RecordsToDelete.beforeOffset(Long.parseLong(offset))));
        wait(client().deleteRecords(before).all());
    }

    private Map<String, Object> groups() throws Exception {
        List<String> names = new ArrayList<>();
        for (GroupListing g : wait(client().listGroups().all())) {
            names.add(g.groupId());
        }
        return Map.of("groups", names);
    }

    private Map<String, Object> group(String group) throws Exception {
        ConsumerGroupDescription found =
                wait(client().describeConsumerGroups(List.of(group)).all()).get(group);
        return Map.of("state", found.groupState().toString(), "members", found.members().size());
    }

    private Map<String, Object> committed(String group, String topic, JsonObject o)
            throws Exception {
        Map<TopicPartition, OffsetAndMetadata> found = wait(client()
                .listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<String, Long> offsets = new HashMap<>();
        o.getAsJsonArray("partitions").forEach(p -> {
            OffsetAndMetadata at = found.get(new TopicPartition(topic, p.getAsInt()));
            offsets.put(p.getAsString(), at == null ? -1 : at.offset());
        });
        return Map.of("offsets", offsets);
    }

    private Map<String, Object> cluster() throws Exception {
        DescribeClusterResult found = client().describeCluster();
        List<Integer> brokers = new ArrayList<>();
        for (Node n : wait(found.nodes())) {
            brokers.add(n.id());
        }
        return Map.of("brokers", brokers, "controller", wait(found.controller()).id(), "id",
                Optional.ofNullable(wait(found.clusterId())).orElse(""));
    }

    private static AclBindingFilter filter(String topic) {
        return new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TOPIC, topic, PatternType.LITERAL),
                AccessControlEntryFilter.ANY);
    }

    private void allow(String topic, JsonObject o) throws Exception {
        wait(client().createAcls(List.of(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry(o.get("principal").getAsString(), "*",
                        AclOperation.fromString(o.get("operation").getAsString()),
                        AclPermissionType.ALLOW)))).all());
    }

    private Map<String, Object> acls(String topic) throws Exception {
        List<List<String>> acls = new ArrayList<>();
        for (AclBinding b : wait(client().describeAcls(filter(topic)).values())) {
            acls.add(List.of(b.entry().principal(), b.entry().operation().name().toLowerCase()));
        }
        return Map.of("acls", acls);
    }

    Map<String, Object> answer(String order, JsonObject o) throws Exception {
        String topic = o.has("topic") ? o.get("topic").getAsString() : null;
        String group = o.has("group") ? o.get("group").getAsString() : null;
        switch (order) {
            case "create" -> create(topic, o);
            case "offsets" -> {
                return offsets(topic, o);
            }
            case "describe" -> {
                return describe(topic(topic));
            }
            case "list-topics" -> {
                return Map.of("topics", wait(client().listTopics().names()));
            }
            case "add-partitions" -> wait(client().createPartitions(
                    Map.of(topic, NewPartitions.increaseTo(o.get("total").getAsInt()))).all());
            case "describe-configs" -> {
                return describeConfigs(topic);
            }
            case "incremental-alter-configs" -> alterConfigs(topic, o);
            case "delete-records" -> deleteRecords(topic, o);
            case "list-groups" -> {
                return groups();
            }
            case "describe-group" -> {
                return group(group);
            }
            case "delete-group" -> wait(client().deleteConsumerGroups(List.of(group)).all());
            case "committed" -> {
                return committed(group, topic, o);
            }
            case "delete-topic" -> wait(client().deleteTopics(List.of(topic)).all());
            case "cluster" -> {
                return cluster();
            }
            case "acl-create" -> allow(topic, o);
            case "acl-delete" -> wait(client().deleteAcls(List.of(filter(topic))).all());
            case "acl-list" -> {
                return acls(topic);
            }
            default -> throw new IllegalArgumentException("no such order: " + order);
        }
        return Map.of();
    }
}
