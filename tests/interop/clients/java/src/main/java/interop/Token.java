package interop;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensions;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/** Hands over the token that the configuration names, whatever it is. */
public final class Token implements AuthenticateCallbackHandler {
    private static final long HOUR_MS = 3_600_000;
    private Map<String, ?> options;

    private record Given(String value, String principalName) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return System.currentTimeMillis() + HOUR_MS;
        }

        @Override
        public Long startTimeMs() {
            return System.currentTimeMillis();
        }
    }

    @Override
    public void configure(Map<String, ?> configs, String mechanism,
            List<AppConfigurationEntry> entries) {
        options = entries.get(0).getOptions();
    }

    @Override
    public void handle(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback asked) {
                asked.token(new Given((String) options.get("token"),
                        (String) options.get("subject")));
            } else if (callback instanceof SaslExtensionsCallback asked) {
                asked.extensions(SaslExtensions.empty());
            }
        }
    }

    @Override
    public void close() {}
}
