package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type memberOptions struct {
	Topic, Pattern, Group, Assignor, Instance string
	SessionMs                                 int64 `json:"session_ms"`
	Held                                      bool
}

// label is how a partition is told: with its topic, where a pattern names those.
func (m memberOptions) label(topic string, partition int32) any {
	if m.Pattern != "" {
		return fmt.Sprintf("%s/%d", topic, partition)
	}
	return partition
}

// owned is what the member has now, told whenever it changes.
type owned struct {
	lock       sync.Mutex
	partitions map[any]bool
}

func (w *owned) change(m memberOptions, partitions map[string][]int32, has bool) {
	w.lock.Lock()
	defer w.lock.Unlock()
	for topic, some := range partitions {
		for _, p := range some {
			if has {
				w.partitions[m.label(topic, p)] = true
			} else {
				delete(w.partitions, m.label(topic, p))
			}
		}
	}
	all := []any{}
	for p := range w.partitions {
		all = append(all, p)
	}
	say(words{"event": "owns", "partitions": all})
}

func (m memberOptions) options() []kgo.Opt {
	w := &owned{partitions: map[any]bool{}}
	change := func(has bool) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			w.change(m, partitions, has)
		}
	}
	options := []kgo.Opt{
		kgo.ConsumerGroup(m.Group), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(200 * time.Millisecond),
		kgo.OnPartitionsAssigned(change(true)), kgo.OnPartitionsRevoked(change(false)),
		kgo.OnPartitionsLost(change(false)), kgo.BlockRebalanceOnPoll(),
	}
	if m.Pattern != "" {
		options = append(options, kgo.ConsumeRegex(), kgo.ConsumeTopics(m.Pattern))
	} else {
		options = append(options, kgo.ConsumeTopics(m.Topic))
	}
	switch m.Assignor {
	case "consumer":
		options = append(options, kgo.ServerSideBalancer())
	case "cooperative":
		options = append(options, kgo.Balancers(kgo.CooperativeStickyBalancer()))
	default:
		options = append(options, kgo.Balancers(kgo.RangeBalancer()))
	}
	if m.Assignor != "consumer" {
		options = append(options, kgo.SessionTimeout(time.Duration(m.SessionMs)*time.Millisecond),
			kgo.HeartbeatInterval(500*time.Millisecond))
	}
	if m.Instance != "" {
		options = append(options, kgo.InstanceID(m.Instance))
	}
	return options
}

// member reads until standard input ends.
func member(s settings, text string) {
	var m memberOptions
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		panic(err)
	}
	in := bufio.NewReader(os.Stdin)
	if m.Held {
		say(words{"event": "held"})
		_, _ = in.ReadString('\n')
	}
	client, err := s.client(m.options()...)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	for ctx.Err() == nil {
		fetches := client.PollFetches(ctx)
		for _, e := range fetches.Errors() {
			if ctx.Err() == nil {
				say(words{"event": "error", "message": e.Err.Error()})
			}
		}
		fetches.EachRecord(func(r *kgo.Record) {
			say(words{"event": "record", "partition": m.label(r.Topic, r.Partition),
				"offset": r.Offset, "value": decode(r.Value)})
		})
		if !fetches.Empty() {
			if err := client.CommitUncommittedOffsets(context.Background()); err != nil {
				// A rebalance meanwhile: whoever has the partition now reads it again.
				say(words{"event": "error", "message": err.Error()})
			}
		}
		client.AllowRebalance()
	}
	client.Close()
}
