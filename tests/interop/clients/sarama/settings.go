package main

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"strings"
	"time"

	"github.com/IBM/sarama"
	"github.com/xdg-go/scram"
)

type security struct {
	Protocol, Mechanism, User, Password, Token, CA, Certificate, Key string
}

// settings says where the brokers are, and who we are.
type settings struct {
	bootstrap string
	security  security
}

func (s settings) brokers() []string {
	return strings.Split(s.bootstrap, ",")
}

type scramClient struct {
	hash         scram.HashGeneratorFcn
	conversation *scram.ClientConversation
}

func (c *scramClient) Begin(user, password, authzID string) error {
	client, err := c.hash.NewClient(user, password, authzID)
	if err != nil {
		return err
	}
	c.conversation = client.NewConversation()
	return nil
}

func (c *scramClient) Step(challenge string) (string, error) {
	return c.conversation.Step(challenge)
}

func (c *scramClient) Done() bool {
	return c.conversation.Done()
}

func (s settings) Token() (*sarama.AccessToken, error) {
	return &sarama.AccessToken{Token: s.security.Token}, nil
}

func (s settings) config() (*sarama.Config, error) {
	c := sarama.NewConfig()
	c.Version = sarama.V4_1_0_0
	c.ClientID = "sarama"
	c.Metadata.RefreshFrequency = time.Second
	c.Producer.Partitioner = sarama.NewManualPartitioner
	c.Producer.RequiredAcks = sarama.WaitForAll
	c.Producer.Return.Successes = true
	c.Producer.Return.Errors = true
	c.Consumer.MaxWaitTime = 200 * time.Millisecond
	c.Consumer.Return.Errors = true
	if s.security.Mechanism != "" {
		c.Net.SASL.Enable = true
		c.Net.SASL.Handshake = true
		c.Net.SASL.User = s.security.User
		c.Net.SASL.Password = s.security.Password
		c.Net.SASL.Mechanism = sarama.SASLMechanism(s.security.Mechanism)
		hash := scram.SHA256
		if s.security.Mechanism == sarama.SASLTypeSCRAMSHA512 {
			hash = scram.SHA512
		}
		c.Net.SASL.SCRAMClientGeneratorFunc = func() sarama.SCRAMClient {
			return &scramClient{hash: hash}
		}
		c.Net.SASL.TokenProvider = s
	}
	if s.security.CA != "" {
		pem, err := os.ReadFile(s.security.CA)
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		c.Net.TLS.Enable = true
		c.Net.TLS.Config = &tls.Config{RootCAs: pool}
		if s.security.Certificate != "" {
			own, err := tls.LoadX509KeyPair(s.security.Certificate, s.security.Key)
			if err != nil {
				return nil, err
			}
			c.Net.TLS.Config.Certificates = []tls.Certificate{own}
		}
	}
	return c, nil
}
