package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sort"
	"time"

	"github.com/IBM/sarama"
)

type memberOptions struct {
	Topic, Group, Assignor, Instance string
	SessionMs                        int64 `json:"session_ms"`
	Held                             bool
}

// owner tells what the member has; its assignors are eager.
type owner struct {
	topic string
}

func (w owner) Setup(session sarama.ConsumerGroupSession) error {
	partitions := []int{}
	for _, p := range session.Claims()[w.topic] {
		partitions = append(partitions, int(p))
	}
	sort.Ints(partitions)
	say(words{"event": "owns", "partitions": partitions})
	return nil
}

func (w owner) Cleanup(sarama.ConsumerGroupSession) error {
	say(words{"event": "owns", "partitions": []int{}})
	return nil
}

func (w owner) ConsumeClaim(session sarama.ConsumerGroupSession,
	claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case m := <-claim.Messages():
			if m == nil {
				return nil
			}
			say(words{"event": "record", "partition": m.Partition, "offset": m.Offset,
				"value": decode(m.Value)})
			session.MarkMessage(m, "")
			session.Commit()
		case <-session.Context().Done():
			return nil
		}
	}
}

// member reads until standard input ends.
func member(s settings, text string) {
	var m memberOptions
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		panic(err)
	}
	c, err := s.config()
	if err != nil {
		panic(err)
	}
	c.Consumer.Offsets.Initial = sarama.OffsetOldest
	c.Consumer.Offsets.AutoCommit.Enable = false
	c.Consumer.Group.Session.Timeout = time.Duration(m.SessionMs) * time.Millisecond
	c.Consumer.Group.Heartbeat.Interval = 500 * time.Millisecond
	c.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{
		sarama.NewBalanceStrategyRange()}
	c.Consumer.Group.InstanceId = m.Instance
	in := bufio.NewReader(os.Stdin)
	if m.Held {
		say(words{"event": "held"})
		_, _ = in.ReadString('\n')
	}
	group, err := sarama.NewConsumerGroup(s.brokers(), m.Group, c)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	go func() {
		for err := range group.Errors() {
			say(words{"event": "error", "message": err.Error()})
		}
	}()
	for ctx.Err() == nil {
		err := group.Consume(ctx, []string{m.Topic}, owner{m.Topic})
		if errors.Is(err, sarama.ErrClosedConsumerGroup) {
			break
		}
		if err != nil {
			say(words{"event": "error", "message": err.Error()})
		}
	}
	_ = group.Close()
}
