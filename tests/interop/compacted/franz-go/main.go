// franz-go reads partition 0 of "rev" to the high watermark: see ../read.sh.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func text(value []byte) string {
	if value == nil {
		return "NULL"
	}
	return string(value)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func offset(listed kadm.ListedOffsets) int64 {
	found, ok := listed.Lookup("rev", 0)
	if !ok {
		must(fmt.Errorf("no offset of rev/0"))
	}
	must(found.Err)
	return found.Offset
}

func main() {
	ctx := context.Background()
	begin := kgo.NewOffset().AtStart()
	if os.Args[2] != "earliest" {
		at, err := strconv.ParseInt(os.Args[2], 10, 64)
		must(err)
		begin = kgo.NewOffset().At(at)
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Args[1], ",")...),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"rev": {0: begin}}))
	must(err)
	defer client.Close()
	admin := kadm.NewClient(client)
	starts, err := admin.ListStartOffsets(ctx, "rev")
	must(err)
	ends, err := admin.ListEndOffsets(ctx, "rev")
	must(err)
	end := offset(ends)
	// It does not tell its position: the end is the record before the high watermark.
	for next := offset(starts); next < end; {
		fetches := client.PollFetches(ctx)
		for _, e := range fetches.Errors() {
			must(e.Err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			fmt.Println(r.Offset, text(r.Key), text(r.Value))
			next = r.Offset + 1
		})
	}
}
