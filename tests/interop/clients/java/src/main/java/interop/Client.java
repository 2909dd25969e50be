package interop;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.Errors;

/** The Java client, spoken to in lines of JSON: see ../README.md. */
public final class Client {
    private static final List<String> OFFERS = List.of(
            "none", "bare", "null-header", "gzip", "snappy", "lz4", "zstd", "idempotent",
            "group-eager", "group-cooperative", "group-static", "group-consumer",
            "migration-cooperative",
            "group-consumer-static", "group-pattern", "group-consumer-pattern", "reset",
            "reset-none", "retries-apart", "transactions", "describe-unknown", "configs",
            "incremental-alter-configs", "delete-records", "groups", "delete-group", "cluster",
            "sasl-plain", "sasl-scram-sha-256", "sasl-scram-sha-512", "sasl-oauthbearer", "tls",
            "acls");
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Client() {}

    static void say(Map<String, ?> line) {
        OUT.println(GSON.toJson(line));
    }

    /** Kafka's name of the error that is underneath. */
    private static Errors cause(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof ExecutionException || t instanceof CompletionException
                    || t.getClass() == KafkaException.class) {
                continue;
            }
            if (t instanceof OffsetOutOfRangeException) {
                return Errors.OFFSET_OUT_OF_RANGE;
            }
            Errors error = Errors.forException(t);
            if (error != Errors.UNKNOWN_SERVER_ERROR) {
                return error;
            }
        }
        return null;
    }

    private static Map<String, Object> refused(Throwable e) {
        Errors error = cause(e);
        return Map.of("ok", false, "error", error == null ? e.getClass().getName() : error.name(),
                "message", String.valueOf(e));
    }

    private static Map<String, Object> answer(Log log, Txn txn, Admin admin, JsonObject o)
            throws Exception {
        String order = o.get("do").getAsString();
        if (order.equals("offers")) {
            return Map.of("offers", OFFERS);
        }
        if (order.startsWith("txn-") || order.startsWith("transform")) {
            return txn.answer(order, o);
        }
        if (order.equals("produce") || order.equals("consume")) {
            return log.answer(order, o);
        }
        return admin.answer(order, o);
    }

    public static void main(String[] arguments) throws Exception {
        Settings settings = new Settings(arguments[0],
                JsonParser.parseString(arguments[1]).getAsJsonObject());
        if (arguments.length > 2) {
            Member.run(settings, JsonParser.parseString(arguments[2]).getAsJsonObject());
            return;
        }
        Txn txn = new Txn(settings);
        Log log = new Log(settings);
        Admin admin = new Admin(settings);
        BufferedReader in = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonObject order = JsonParser.parseString(line).getAsJsonObject();
            try {
                Map<String, Object> words = new java.util.HashMap<>(
                        answer(log, txn, admin, order));
                words.put("ok", true);
                say(words);
            } catch (Exception e) {
                say(refused(e));
            }
        }
        admin.close();
        System.exit(0);
    }
}
