// sarama reads partition 0 of "rev" to the high watermark: see ../read.sh.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/IBM/sarama"
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
	begin := sarama.OffsetOldest
	if os.Args[2] != "earliest" {
		at, err := strconv.ParseInt(os.Args[2], 10, 64)
		must(err)
		begin = at
	}
	config := sarama.NewConfig()
	config.Version = sarama.V2_8_0_0
	config.Consumer.Return.Errors = true
	client, err := sarama.NewClient(strings.Split(os.Args[1], ","), config)
	must(err)
	defer client.Close()
	start, err := client.GetOffset("rev", 0, sarama.OffsetOldest)
	must(err)
	end, err := client.GetOffset("rev", 0, sarama.OffsetNewest)
	must(err)
	if start >= end {
		return
	}
	consumer, err := sarama.NewConsumerFromClient(client)
	must(err)
	partition, err := consumer.ConsumePartition("rev", 0, begin)
	must(err)
	// It does not tell its position: the end is the record before the high watermark.
	for next := start; next < end; {
		select {
		case m := <-partition.Messages():
			fmt.Println(m.Offset, text(m.Key), text(m.Value))
			next = m.Offset + 1
		case e := <-partition.Errors():
			must(e)
		}
	}
}
