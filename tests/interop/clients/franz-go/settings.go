package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

type security struct {
	Protocol, Mechanism, User, Password, Token, CA, Certificate, Key string
}

// settings says where the brokers are, and who we are.
type settings struct {
	bootstrap string
	security  security
}

func (s settings) mechanism() sasl.Mechanism {
	switch s.security.Mechanism {
	case "PLAIN":
		return plain.Auth{User: s.security.User, Pass: s.security.Password}.AsMechanism()
	case "SCRAM-SHA-256":
		return scram.Auth{User: s.security.User, Pass: s.security.Password}.AsSha256Mechanism()
	case "SCRAM-SHA-512":
		return scram.Auth{User: s.security.User, Pass: s.security.Password}.AsSha512Mechanism()
	}
	return oauth.Auth{Token: s.security.Token}.AsMechanism()
}

func (s settings) client(more ...kgo.Opt) (*kgo.Client, error) {
	options := append([]kgo.Opt{
		kgo.SeedBrokers(strings.Split(s.bootstrap, ",")...),
		kgo.ClientID("franz-go"),
		kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second),
		kgo.RetryTimeout(patience),
	}, more...)
	if s.security.Mechanism != "" {
		options = append(options, kgo.SASL(s.mechanism()))
	}
	if s.security.CA != "" {
		pem, err := os.ReadFile(s.security.CA)
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		config := &tls.Config{RootCAs: pool}
		if s.security.Certificate != "" {
			own, err := tls.LoadX509KeyPair(s.security.Certificate, s.security.Key)
			if err != nil {
				return nil, err
			}
			config.Certificates = []tls.Certificate{own}
		}
		dialer := &tls.Dialer{Config: config}
		options = append(options, kgo.Dialer(
			func(ctx context.Context, network, address string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, address)
			}))
	}
	return kgo.NewClient(options...)
}
