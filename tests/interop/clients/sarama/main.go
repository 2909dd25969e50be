// sarama, spoken to in lines of JSON: see ../README.md.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

const patience = 30 * time.Second

var offers = []string{
	"none", "bare", "null-header", "gzip", "snappy", "lz4", "zstd", "idempotent", "group-eager",
	"group-static", "reset-none", "retries-apart", "transactions", "describe-unknown", "configs", "alter-configs",
	"incremental-alter-configs", "delete-records", "groups", "delete-group", "cluster",
	"sasl-plain", "sasl-scram-sha-256", "sasl-scram-sha-512", "sasl-oauthbearer", "tls", "acls",
}

// order is every argument that an order may have.
type order struct {
	Do         string
	Topic      string
	Partitions json.RawMessage
	Codec      string
	Idempotent bool
	MaxRequest int `json:"max_request"`
	Records    []record
	Start      map[string]int64
	Until      map[string]int64
	Before     map[string]int64
	WaitMs     int64 `json:"wait_ms"`
	MayTimeOut bool  `json:"may_time_out"`
	Isolation  string
	At         json.RawMessage
	ID         string
	Group      string
	Source     string
	Sink       string
	Count      int
	Outcome    string
	SessionMs  int64 `json:"session_ms"`
	Configs    map[string]*string
	Total      int32
	Principal  string
	Operation  string
}

// record is one record, in an order or in an answer.
type record struct {
	Partition int32       `json:"partition"`
	Offset    int64       `json:"offset"`
	Key       *string     `json:"key"`
	Value     *string     `json:"value"`
	Headers   [][]*string `json:"headers"`
	Timestamp int64       `json:"timestamp"`
}

type words map[string]any

func decode(data []byte) *string {
	if data == nil {
		return nil
	}
	text := string(data)
	return &text
}

func say(line any) {
	data, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(data))
}

// numbered is an error of the admin client's that carries one of Kafka's.
func number(err error) sarama.KError {
	var known sarama.KError
	var topic *sarama.TopicError
	var partition *sarama.TopicPartitionError
	var producers sarama.ProducerErrors
	switch {
	case errors.As(err, &topic):
		return topic.Err
	case errors.As(err, &partition):
		return partition.Err
	case errors.As(err, &producers) && len(producers) > 0:
		return number(producers[0].Err)
	case errors.As(err, &known):
		return known
	}
	return sarama.ErrUnknown
}

func refused(err error) words {
	code := number(err)
	if code == sarama.ErrUnknown {
		// Some of its errors only quote those of Kafka.
		for n := int16(1); n < 120; n++ {
			if text := sarama.KError(n).Error(); !strings.HasPrefix(text, "Unknown error") &&
				strings.Contains(err.Error(), text) {
				code = sarama.KError(n)
			}
		}
	}
	return words{"ok": false, "error": "unknown", "code": int16(code), "message": err.Error()}
}

// program keeps what lives longer than an order.
type program struct {
	settings  settings
	producers map[string]sarama.SyncProducer
	client    sarama.Client
}

func (p *program) answer(o order) (words, error) {
	switch o.Do {
	case "offers":
		return words{"offers": offers}, nil
	case "produce":
		return nil, p.produce(o)
	case "consume":
		return p.consume(o)
	case "txn-init":
		return nil, p.txnInit(o.ID)
	case "txn-begin":
		return nil, p.producers[o.ID].BeginTxn()
	case "txn-send":
		return nil, send(p.producers[o.ID], o.Topic, o.Records)
	case "txn-commit":
		return nil, p.producers[o.ID].CommitTxn()
	case "txn-abort":
		return nil, p.producers[o.ID].AbortTxn()
	case "transform":
		return nil, p.transform(o)
	case "transform-commit":
		return nil, p.producers[o.ID].CommitTxn()
	}
	return p.administer(o)
}

func main() {
	p := &program{settings: settings{bootstrap: os.Args[1]},
		producers: map[string]sarama.SyncProducer{}}
	if err := json.Unmarshal([]byte(os.Args[2]), &p.settings.security); err != nil {
		panic(err)
	}
	if len(os.Args) > 3 {
		member(p.settings, os.Args[3])
		return
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		var o order
		if err = json.Unmarshal(line, &o); err != nil {
			panic(err)
		}
		found, err := p.answer(o)
		if err != nil {
			found = refused(err)
		} else {
			if found == nil {
				found = words{}
			}
			found["ok"] = true
		}
		say(found)
	}
}
