package interop;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Where the brokers are, and who we are. */
record Settings(String bootstrap, JsonObject security) {
    static final int PATIENCE_MS = 30_000;

    Map<String, Object> common() {
        Map<String, Object> s = new HashMap<>();
        s.put("bootstrap.servers", bootstrap);
        s.put("client.id", "java");
        s.put("metadata.max.age.ms", 1000);
        if (!security.has("protocol")) {
            return s;
        }
        s.put("security.protocol", security.get("protocol").getAsString());
        if (security.has("mechanism")) {
            logIn(s, security.get("mechanism").getAsString());
        }
        if (security.has("ca")) {
            s.put("ssl.truststore.type", "PEM");
            s.put("ssl.truststore.location", security.get("ca").getAsString());
        }
        if (security.has("certificate")) {
            s.put("ssl.keystore.type", "PEM");
            s.put("ssl.keystore.certificate.chain", text("certificate"));
            s.put("ssl.keystore.key", text("key"));
        }
        return s;
    }

    private String text(String name) {
        try {
            return Files.readString(Path.of(security.get(name).getAsString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void logIn(Map<String, Object> s, String mechanism) {
        s.put("sasl.mechanism", mechanism);
        if (security.has("token")) {
            s.put("sasl.login.callback.handler.class", Token.class.getName());
            s.put("sasl.jaas.config",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                            + " token=\"" + security.get("token").getAsString() + "\" subject=\""
                            + security.get("subject").getAsString() + "\";");
        } else {
            String module = mechanism.equals("PLAIN") ? "plain.Plain" : "scram.Scram";
            s.put("sasl.jaas.config", "org.apache.kafka.common.security." + module
                    + "LoginModule required username=\"" + security.get("user").getAsString()
                    + "\" password=\"" + security.get("password").getAsString() + "\";");
        }
    }

    Map<String, Object> producer() {
        Map<String, Object> s = common();
        s.put("key.serializer", ByteArraySerializer.class);
        s.put("value.serializer", ByteArraySerializer.class);
        s.put("linger.ms", 5);
        s.put("max.block.ms", PATIENCE_MS);
        s.put("delivery.timeout.ms", PATIENCE_MS);
        s.put("request.timeout.ms", 10_000);
        return s;
    }

    Map<String, Object> consumer() {
        Map<String, Object> s = common();
        s.put("key.deserializer", ByteArrayDeserializer.class);
        s.put("value.deserializer", ByteArrayDeserializer.class);
        s.put("enable.auto.commit", false);
        s.put("default.api.timeout.ms", PATIENCE_MS);
        return s;
    }
}
