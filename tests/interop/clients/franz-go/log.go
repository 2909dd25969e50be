package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
	"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
}

// send waits until each record is acknowledged.
func send(ctx context.Context, client *kgo.Client, topic string, records []record) error {
	var sent []*kgo.Record
	for _, r := range records {
		var headers []kgo.RecordHeader
		for _, h := range r.Headers {
			headers = append(headers, kgo.RecordHeader{Key: *h[0], Value: encode(h[1])})
		}
		sent = append(sent, &kgo.Record{Topic: topic, Partition: r.Partition, Key: encode(r.Key),
			Value: encode(r.Value), Headers: headers, Timestamp: time.UnixMilli(r.Timestamp)})
	}
	return client.ProduceSync(ctx, sent...).FirstErr()
}

func (p *program) produce(ctx context.Context, o order) error {
	options := []kgo.Opt{kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(codecs[o.Codec])}
	if !o.Idempotent {
		options = append(options, kgo.DisableIdempotentWrite(),
			kgo.MaxProduceRequestsInflightPerBroker(1))
	}
	if o.MaxRequest != 0 {
		options = append(options, kgo.ProducerBatchMaxBytes(o.MaxRequest))
	}
	client, err := p.settings.client(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	return send(ctx, client, o.Topic, o.Records)
}

func shape(r *kgo.Record) record {
	headers := [][]*string{}
	for _, h := range r.Headers {
		headers = append(headers, []*string{&h.Key, decode(h.Value)})
	}
	return record{r.Partition, r.Offset, decode(r.Key), decode(r.Value), headers,
		r.Timestamp.UnixMilli()}
}

func isolation(name string) kgo.Opt {
	if name == "read_committed" {
		return kgo.FetchIsolationLevel(kgo.ReadCommitted())
	}
	return kgo.FetchIsolationLevel(kgo.ReadUncommitted())
}

func reset(to string) kgo.Opt {
	switch to {
	case "earliest":
		return kgo.ConsumeResetOffset(kgo.NewOffset().AtStart())
	case "latest":
		return kgo.ConsumeResetOffset(kgo.NewOffset().AtEnd())
	}
	return kgo.ConsumeResetOffset(kgo.NoResetOffset())
}

func (p *program) consume(ctx context.Context, o order) (words, error) {
	start := map[int32]kgo.Offset{}
	for name, at := range o.Start {
		number, _ := strconv.Atoi(name)
		start[int32(number)] = kgo.NewOffset().At(at)
	}
	client, err := p.settings.client(isolation(o.Isolation), reset(o.Reset),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{o.Topic: start}))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, time.Duration(o.WaitMs)*time.Millisecond)
	defer cancel()
	records := []record{}
	for len(o.Until) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			if errors.Is(err, context.DeadlineExceeded) && o.MayTimeOut {
				break
			}
			return nil, fmt.Errorf("still missing %v: %w", o.Until, err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			records = append(records, shape(r))
			name := strconv.Itoa(int(r.Partition))
			if last, ok := o.Until[name]; ok && r.Offset >= last {
				delete(o.Until, name)
			}
		})
	}
	return words{"records": records}, nil
}

func (p *program) txnInit(ctx context.Context, id string) error {
	client, err := p.settings.client(kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.TransactionalID(id), kgo.TransactionTimeout(patience))
	if err != nil {
		return err
	}
	p.producers[id] = client
	// It asks for its id when it needs one; a fence has to stand now.
	_, _, err = client.ProducerID(ctx)
	return err
}
