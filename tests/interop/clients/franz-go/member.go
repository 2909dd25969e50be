package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type memberOptions struct {
	Topic, Group, Assignor, Instance string
	SessionMs                        int64 `json:"session_ms"`
}

// owned is what the member has now, told whenever it changes.
type owned struct {
	lock       sync.Mutex
	partitions map[int32]bool
}

func (w *owned) change(partitions []int32, has bool) {
	w.lock.Lock()
	defer w.lock.Unlock()
	for _, p := range partitions {
		if has {
			w.partitions[p] = true
		} else {
			delete(w.partitions, p)
		}
	}
	all := []int{}
	for p := range w.partitions {
		all = append(all, int(p))
	}
	sort.Ints(all)
	say(words{"event": "owns", "partitions": all})
}

func (m memberOptions) options() []kgo.Opt {
	w := &owned{partitions: map[int32]bool{}}
	change := func(has bool) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			w.change(partitions[m.Topic], has)
		}
	}
	options := []kgo.Opt{
		kgo.ConsumerGroup(m.Group), kgo.ConsumeTopics(m.Topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(200 * time.Millisecond),
		kgo.OnPartitionsAssigned(change(true)), kgo.OnPartitionsRevoked(change(false)),
		kgo.OnPartitionsLost(change(false)), kgo.BlockRebalanceOnPoll(),
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
	client, err := s.client(m.options()...)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
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
			say(words{"event": "record", "partition": r.Partition, "offset": r.Offset,
				"value": decode(r.Value)})
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
