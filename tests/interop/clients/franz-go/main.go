// franz-go, spoken to in lines of JSON: see ../README.md.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const patience = 30 * time.Second

var offers = []string{
	"none", "bare", "null-header", "gzip", "snappy", "lz4", "zstd", "idempotent", "group-eager",
	"group-cooperative", "migration-cooperative", "group-static", "group-consumer", "group-pattern", "group-consumer-pattern", "reset",
	"reset-none", "retries-apart", "transactions", "describe-unknown",
	"configs", "alter-configs", "incremental-alter-configs", "delete-records", "groups",
	"delete-group", "cluster", "sasl-plain", "sasl-scram-sha-256", "sasl-scram-sha-512",
	"sasl-oauthbearer", "tls", "acls", "timestamp-beyond-is-end",
}

// order is every argument that an order may have.
type order struct {
	Do         string
	Topic      string
	Partitions json.RawMessage
	Codec      string
	Idempotent bool
	MaxRequest int32 `json:"max_request"`
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
	Reset      string
	Assignor   string
	SessionMs  int64 `json:"session_ms"`
	Configs    map[string]string
	Total      int
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

func encode(text *string) []byte {
	if text == nil {
		return nil
	}
	return []byte(*text)
}

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

func refused(err error) words {
	name := "unknown"
	var known *kerr.Error
	if errors.As(err, &known) {
		name = known.Message
	} else if errors.Is(err, errNotCommitted) {
		name = "NOT_COMMITTED"
	} else if strings.Contains(err.Error(), "unexpected data in oauth response") {
		// A refused token is answered by a text, where it wants nothing.
		name = kerr.SaslAuthenticationFailed.Message
	}
	return words{"ok": false, "error": name, "message": err.Error()}
}

// program keeps what lives longer than an order.
type program struct {
	settings  settings
	producers map[string]*kgo.Client
	admins    *kgo.Client
	// left is work that is to be ended later, by its transactional id.
	left map[string]*kgo.GroupTransactSession
}

func (p *program) answer(ctx context.Context, o order) (words, error) {
	switch o.Do {
	case "offers":
		return words{"offers": offers}, nil
	case "produce":
		return nil, p.produce(ctx, o)
	case "consume":
		return p.consume(ctx, o)
	case "txn-init":
		return nil, p.txnInit(ctx, o.ID)
	case "txn-begin":
		return nil, p.producers[o.ID].BeginTransaction()
	case "txn-send":
		return nil, send(ctx, p.producers[o.ID], o.Topic, o.Records)
	case "txn-commit":
		return nil, p.producers[o.ID].EndTransaction(ctx, kgo.TryCommit)
	case "txn-abort":
		return nil, p.producers[o.ID].EndTransaction(ctx, kgo.TryAbort)
	case "transform":
		return nil, p.transform(ctx, o)
	case "transform-commit":
		return nil, end(ctx, p.left[o.ID], true)
	}
	return p.administer(ctx, o)
}

func main() {
	p := &program{settings: settings{bootstrap: os.Args[1]}, producers: map[string]*kgo.Client{},
		left: map[string]*kgo.GroupTransactSession{}}
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
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		found, err := p.answer(ctx, o)
		cancel()
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
