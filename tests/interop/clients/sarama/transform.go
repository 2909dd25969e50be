package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/IBM/sarama"
)

// transformer is one session of the group: it reads what it wants, and ends the transaction.
type transformer struct {
	o        order
	producer sarama.SyncProducer
	messages chan *sarama.ConsumerMessage
	result   chan error
	cancel   context.CancelFunc
	once     sync.Once
}

func (t *transformer) Setup(session sarama.ConsumerGroupSession) error {
	// A worker that is left as it is stays in its group, and works once.
	t.once.Do(func() {
		go func() {
			t.result <- t.run(session)
			if t.o.Outcome != "leave" {
				t.cancel()
			}
		}()
	})
	return nil
}

func (t *transformer) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (t *transformer) ConsumeClaim(session sarama.ConsumerGroupSession,
	claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case m := <-claim.Messages():
			if m == nil {
				return nil
			}
			select {
			case t.messages <- m:
			case <-session.Context().Done():
				return nil
			}
		case <-session.Context().Done():
			return nil
		}
	}
}

func (t *transformer) run(session sarama.ConsumerGroupSession) error {
	if err := t.producer.BeginTxn(); err != nil {
		return err
	}
	var out []record
	offsets := map[int32]int64{}
	for len(out) < t.o.Count {
		select {
		case m := <-t.messages:
			upper := strings.ToUpper(string(m.Value))
			out = append(out, record{Partition: m.Partition, Value: &upper,
				Timestamp: m.Timestamp.UnixMilli()})
			offsets[m.Partition] = m.Offset + 1
		case <-time.After(patience):
			return fmt.Errorf("%d records only", len(out))
		}
	}
	if err := send(t.producer, t.o.Sink, out); err != nil {
		return err
	}
	sent := map[string][]*sarama.PartitionOffsetMetadata{}
	for partition, at := range offsets {
		sent[t.o.Source] = append(sent[t.o.Source],
			&sarama.PartitionOffsetMetadata{Partition: partition, Offset: at})
	}
	if err := t.producer.AddOffsetsToTxn(sent, t.o.Group); err != nil {
		return err
	}
	switch t.o.Outcome {
	case "commit":
		return t.producer.CommitTxn()
	case "abort":
		return t.producer.AbortTxn()
	}
	return nil
}

func (p *program) transform(o order) error {
	if p.producers[o.ID] == nil {
		if err := p.txnInit(o.ID); err != nil {
			return err
		}
	}
	c, err := p.settings.config()
	if err != nil {
		return err
	}
	c.Consumer.Offsets.Initial = sarama.OffsetOldest
	c.Consumer.Offsets.AutoCommit.Enable = false
	if o.SessionMs != 0 {
		c.Consumer.Group.Session.Timeout = time.Duration(o.SessionMs) * time.Millisecond
		c.Consumer.Group.Heartbeat.Interval = 500 * time.Millisecond
	}
	isolation(c, "read_committed")
	group, err := sarama.NewConsumerGroup(p.settings.brokers(), o.Group, c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	t := &transformer{o: o, producer: p.producers[o.ID], cancel: cancel,
		messages: make(chan *sarama.ConsumerMessage), result: make(chan error, 1)}
	ended := make(chan error, 1)
	go func() {
		var err error
		for err == nil && ctx.Err() == nil {
			err = group.Consume(ctx, []string{o.Source}, t)
		}
		ended <- err
	}()
	select {
	case err = <-t.result:
	case err = <-ended:
	case <-time.After(2 * patience):
		err = fmt.Errorf("no session with partitions")
	}
	if o.Outcome != "leave" {
		cancel()
		_ = group.Close()
	}
	return err
}
