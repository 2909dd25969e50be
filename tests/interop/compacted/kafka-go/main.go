// kafka-go reads partition 0 of "rev" to the high watermark: see ../read.sh.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/segmentio/kafka-go"
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

func main() {
	ctx := context.Background()
	brokers := strings.Split(os.Args[1], ",")
	leader, err := kafka.DialLeader(ctx, "tcp", brokers[0], "rev", 0)
	must(err)
	start, end, err := leader.ReadOffsets()
	must(err)
	begin := start
	if os.Args[2] != "earliest" {
		begin, err = strconv.ParseInt(os.Args[2], 10, 64)
		must(err)
	}
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: brokers, Topic: "rev", Partition: 0})
	must(reader.SetOffset(begin))
	// It does not tell its position: the end is the record before the high watermark.
	for next := start; next < end; {
		m, err := reader.ReadMessage(ctx)
		must(err)
		fmt.Println(m.Offset, text(m.Key), text(m.Value))
		next = m.Offset + 1
	}
}
