package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/IBM/sarama"
)

var codecs = map[string]sarama.CompressionCodec{
	"none": sarama.CompressionNone, "gzip": sarama.CompressionGZIP,
	"snappy": sarama.CompressionSnappy, "lz4": sarama.CompressionLZ4,
	"zstd": sarama.CompressionZSTD,
}

func encode(text *string) sarama.Encoder {
	if text == nil {
		return nil
	}
	return sarama.ByteEncoder(*text)
}

// send waits until each record is acknowledged.
func send(producer sarama.SyncProducer, topic string, records []record) error {
	var sent []*sarama.ProducerMessage
	for _, r := range records {
		var headers []sarama.RecordHeader
		for _, h := range r.Headers {
			header := sarama.RecordHeader{Key: []byte(*h[0])}
			if h[1] != nil {
				header.Value = []byte(*h[1])
			}
			headers = append(headers, header)
		}
		sent = append(sent, &sarama.ProducerMessage{Topic: topic, Partition: r.Partition,
			Key: encode(r.Key), Value: encode(r.Value), Headers: headers,
			Timestamp: time.UnixMilli(r.Timestamp)})
	}
	return producer.SendMessages(sent)
}

func (p *program) produce(o order) error {
	c, err := p.settings.config()
	if err != nil {
		return err
	}
	c.Producer.Compression = codecs[o.Codec]
	if o.MaxRequest != 0 {
		c.Producer.MaxMessageBytes = o.MaxRequest
	}
	if o.Idempotent {
		c.Producer.Idempotent = true
		c.Net.MaxOpenRequests = 1
	}
	producer, err := sarama.NewSyncProducer(p.settings.brokers(), c)
	if err != nil {
		return err
	}
	err = send(producer, o.Topic, o.Records)
	_ = producer.Close()
	return err
}

func shape(m *sarama.ConsumerMessage) record {
	headers := [][]*string{}
	for _, h := range m.Headers {
		headers = append(headers, []*string{decode(h.Key), decode(h.Value)})
	}
	return record{m.Partition, m.Offset, decode(m.Key), decode(m.Value), headers,
		m.Timestamp.UnixMilli()}
}

func isolation(c *sarama.Config, name string) {
	if name == "read_committed" {
		c.Consumer.IsolationLevel = sarama.ReadCommitted
	}
}

// gather reads until each partition has come to its last offset.
func gather(o order, from <-chan *sarama.ConsumerMessage, failed <-chan error) ([]record, error) {
	records := []record{}
	end := time.After(time.Duration(o.WaitMs) * time.Millisecond)
	for len(o.Until) > 0 {
		select {
		case m := <-from:
			name := strconv.Itoa(int(m.Partition))
			last, wanted := o.Until[name]
			if !wanted {
				continue
			}
			records = append(records, shape(m))
			if m.Offset >= last {
				delete(o.Until, name)
			}
		case err := <-failed:
			return nil, err
		case <-end:
			if o.MayTimeOut {
				return records, nil
			}
			return nil, fmt.Errorf("nothing more, still missing %v", o.Until)
		}
	}
	return records, nil
}

func (p *program) consume(o order) (words, error) {
	c, err := p.settings.config()
	if err != nil {
		return nil, err
	}
	isolation(c, o.Isolation)
	consumer, err := sarama.NewConsumer(p.settings.brokers(), c)
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	messages, failed := make(chan *sarama.ConsumerMessage), make(chan error)
	done := make(chan struct{})
	defer close(done)
	for name, at := range o.Start {
		partition, _ := strconv.Atoi(name)
		one, err := consumer.ConsumePartition(o.Topic, int32(partition), at)
		if err != nil {
			return nil, err
		}
		defer one.AsyncClose()
		go func() {
			for {
				select {
				case m := <-one.Messages():
					if m == nil {
						return
					}
					select {
					case messages <- m:
					case <-done:
						return
					}
				case e := <-one.Errors():
					if e != nil {
						select {
						case failed <- e:
						case <-done:
							return
						}
					}
				case <-done:
					return
				}
			}
		}()
	}
	records, err := gather(o, messages, failed)
	return words{"records": records}, err
}

func (p *program) txnInit(id string) error {
	c, err := p.settings.config()
	if err != nil {
		return err
	}
	c.Producer.Idempotent = true
	c.Producer.Transaction.ID = id
	c.Producer.Transaction.Timeout = patience
	c.Net.MaxOpenRequests = 1
	producer, err := sarama.NewSyncProducer(p.settings.brokers(), c)
	if err == nil {
		p.producers[id] = producer
	}
	return err
}
