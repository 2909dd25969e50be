package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// errNotCommitted is what a session says of a transaction whose partitions are another's now.
var errNotCommitted = errors.New("the session has aborted the transaction")

func (p *program) session(o order) (*kgo.GroupTransactSession, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(p.settings.bootstrap, ",")...),
		kgo.ClientID("franz-go"), kgo.TransactionalID(o.ID), kgo.TransactionTimeout(patience),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ConsumerGroup(o.Group),
		kgo.ConsumeTopics(o.Source), isolation("read_committed"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.RequireStableFetchOffsets(),
		kgo.FetchMaxWait(200 * time.Millisecond)}
	if o.Assignor == "consumer" {
		options = append(options, kgo.ServerSideBalancer())
	} else if o.SessionMs != 0 {
		options = append(options, kgo.HeartbeatInterval(500*time.Millisecond),
			kgo.SessionTimeout(time.Duration(o.SessionMs)*time.Millisecond))
	}
	return kgo.NewGroupTransactSession(options...)
}

// work reads so many and sends them in upper case; a session sends the offsets when it ends.
func work(ctx context.Context, session *kgo.GroupTransactSession, o order) error {
	// It asks for its id when it needs one; a fence has to stand now.
	if _, _, err := session.Client().ProducerID(ctx); err != nil {
		return err
	}
	if err := session.Begin(); err != nil {
		return err
	}
	for seen := 0; seen < o.Count; {
		fetches := session.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		var out []*kgo.Record
		fetches.EachRecord(func(r *kgo.Record) {
			seen++
			out = append(out, &kgo.Record{Topic: o.Sink, Partition: r.Partition,
				Value: []byte(strings.ToUpper(string(r.Value)))})
		})
		if err := session.ProduceSync(ctx, out...).FirstErr(); err != nil {
			return err
		}
	}
	return nil
}

func end(ctx context.Context, session *kgo.GroupTransactSession, commit bool) error {
	committed, err := session.End(ctx, kgo.TransactionEndTry(commit))
	if err == nil && committed != commit {
		err = errNotCommitted
	}
	return err
}

func (p *program) transform(ctx context.Context, o order) error {
	session, err := p.session(o)
	if err != nil {
		return err
	}
	if o.Outcome == "leave" {
		p.left[o.ID] = session
		return work(ctx, session, o)
	}
	defer session.Close()
	if err := work(ctx, session, o); err != nil {
		return err
	}
	return end(ctx, session, o.Outcome == "commit")
}
