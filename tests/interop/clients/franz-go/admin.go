package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func (p *program) admin() (*kadm.Client, error) {
	if p.admins == nil {
		client, err := p.settings.client()
		if err != nil {
			return nil, err
		}
		p.admins = client
	}
	return kadm.NewClient(p.admins), nil
}

func numbers(raw json.RawMessage) []int32 {
	var list []int32
	if err := json.Unmarshal(raw, &list); err != nil {
		panic(err)
	}
	return list
}

func create(ctx context.Context, admin *kadm.Client, o order) error {
	var partitions int32
	if err := json.Unmarshal(o.Partitions, &partitions); err != nil {
		return err
	}
	configs := map[string]*string{}
	for name, value := range o.Configs {
		configs[name] = kadm.StringPtr(value)
	}
	if _, err := admin.CreateTopic(ctx, partitions, 1, configs, o.Topic); err != nil {
		return err
	}
	for ctx.Err() == nil {
		topics, err := admin.ListTopics(ctx, o.Topic)
		if err != nil {
			return err
		}
		if found := topics[o.Topic]; found.Err == nil && len(found.Partitions) == int(partitions) {
			return nil
		}
	}
	return ctx.Err()
}

func offsets(ctx context.Context, admin *kadm.Client, o order) (words, error) {
	var listed kadm.ListedOffsets
	var err error
	switch string(o.At) {
	case `"earliest"`:
		listed, err = admin.ListStartOffsets(ctx, o.Topic)
	case `"latest"`:
		listed, err = admin.ListEndOffsets(ctx, o.Topic)
	default:
		var at int64
		if err = json.Unmarshal(o.At, &at); err == nil {
			listed, err = admin.ListOffsetsAfterMilli(ctx, at, o.Topic)
		}
	}
	if err != nil {
		return nil, err
	}
	offsets := map[string]int64{}
	for _, partition := range numbers(o.Partitions) {
		found, _ := listed.Lookup(o.Topic, partition)
		if found.Err != nil {
			return nil, found.Err
		}
		offsets[strconv.Itoa(int(partition))] = found.Offset
	}
	return words{"offsets": offsets}, nil
}

func describe(ctx context.Context, admin *kadm.Client, topic string) (words, error) {
	topics, err := admin.ListTopics(ctx, topic)
	if err != nil {
		return nil, err
	}
	found := topics[topic]
	if found.Err != nil {
		return nil, found.Err
	}
	leaders := []int32{}
	for _, partition := range found.Partitions.Sorted() {
		leaders = append(leaders, partition.Leader)
	}
	return words{"partitions": len(leaders), "leaders": leaders}, nil
}

func describeConfigs(ctx context.Context, admin *kadm.Client, topic string) (words, error) {
	found, err := admin.DescribeTopicConfigs(ctx, topic)
	if err != nil {
		return nil, err
	}
	configs := map[string]string{}
	for _, resource := range found {
		if resource.Err != nil {
			return nil, resource.Err
		}
		for _, c := range resource.Configs {
			configs[c.Key] = c.MaybeValue()
		}
	}
	return words{"configs": configs}, nil
}

func alterConfigs(ctx context.Context, admin *kadm.Client, o order) error {
	var alter []kadm.AlterConfig
	for name, value := range o.Configs {
		alter = append(alter, kadm.AlterConfig{Op: kadm.SetConfig, Name: name,
			Value: kadm.StringPtr(value)})
	}
	call := admin.AlterTopicConfigs
	if o.Do == "alter-configs" {
		call = admin.AlterTopicConfigsState
	}
	done, err := call(ctx, alter, o.Topic)
	for _, each := range done {
		if each.Err != nil {
			err = each.Err
		}
	}
	return err
}

func deleteRecords(ctx context.Context, admin *kadm.Client, o order) error {
	before := kadm.Offsets{}
	for name, at := range o.Before {
		partition, _ := strconv.Atoi(name)
		before.Add(kadm.Offset{Topic: o.Topic, Partition: int32(partition), At: at})
	}
	done, err := admin.DeleteRecords(ctx, before)
	if err == nil {
		err = done.Error()
	}
	return err
}

func describeGroup(ctx context.Context, admin *kadm.Client, group string) (words, error) {
	groups, err := admin.DescribeGroups(ctx, group)
	if err != nil {
		return nil, err
	}
	found := groups[group]
	return words{"state": found.State, "members": len(found.Members)}, found.Err
}

func committed(ctx context.Context, admin *kadm.Client, o order) (words, error) {
	found, err := admin.FetchOffsets(ctx, o.Group)
	if err != nil {
		return nil, err
	}
	offsets := map[string]int64{}
	for _, partition := range numbers(o.Partitions) {
		at := int64(-1)
		if offset, ok := found.Lookup(o.Topic, partition); ok {
			at = offset.At
		}
		offsets[strconv.Itoa(int(partition))] = at
	}
	return words{"offsets": offsets}, nil
}

func acls(ctx context.Context, admin *kadm.Client, o order) (words, error) {
	about := kadm.NewACLs().Topics(o.Topic).ResourcePatternType(kadm.ACLPatternLiteral)
	switch o.Do {
	case "acl-create":
		operation, err := kmsg.ParseACLOperation(o.Operation)
		if err != nil {
			return nil, err
		}
		done, err := admin.CreateACLs(ctx, about.Allow(o.Principal).AllowHosts().
			Operations(operation))
		for _, each := range done {
			if each.Err != nil {
				err = each.Err
			}
		}
		return nil, err
	case "acl-delete":
		done, err := admin.DeleteACLs(ctx, about.Allow().AllowHosts().Deny().DenyHosts().
			Operations())
		for _, each := range done {
			if each.Err != nil {
				err = each.Err
			}
		}
		return nil, err
	}
	found, err := admin.DescribeACLs(ctx, about.Allow().AllowHosts().Deny().DenyHosts().
		Operations())
	if err != nil {
		return nil, err
	}
	list := [][]string{}
	for _, result := range found {
		for _, each := range result.Described {
			operation := each.Operation.String()
			list = append(list, []string{each.Principal, lower(operation)})
		}
	}
	return words{"acls": list}, nil
}

func lower(word string) string {
	out := []byte(word)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

func (p *program) administer(ctx context.Context, o order) (words, error) {
	admin, err := p.admin()
	if err != nil {
		return nil, err
	}
	switch o.Do {
	case "create":
		return nil, create(ctx, admin, o)
	case "offsets":
		return offsets(ctx, admin, o)
	case "describe":
		return describe(ctx, admin, o.Topic)
	case "list-topics":
		topics, err := admin.ListTopics(ctx)
		return words{"topics": topics.Names()}, err
	case "add-partitions":
		done, err := admin.UpdatePartitions(ctx, o.Total, o.Topic)
		if err == nil {
			err = done.Error()
		}
		return nil, err
	case "describe-configs":
		return describeConfigs(ctx, admin, o.Topic)
	case "alter-configs", "incremental-alter-configs":
		return nil, alterConfigs(ctx, admin, o)
	case "delete-records":
		return nil, deleteRecords(ctx, admin, o)
	case "list-groups":
		groups, err := admin.ListGroups(ctx)
		return words{"groups": groups.Groups()}, err
	case "describe-group":
		return describeGroup(ctx, admin, o.Group)
	case "delete-group":
		_, err := admin.DeleteGroup(ctx, o.Group)
		return nil, err
	case "committed":
		return committed(ctx, admin, o)
	case "delete-topic":
		_, err := admin.DeleteTopic(ctx, o.Topic)
		return nil, err
	case "cluster":
		found, err := admin.BrokerMetadata(ctx)
		return words{"brokers": found.Brokers.NodeIDs(), "controller": found.Controller,
			"id": found.Cluster}, err
	case "acl-create", "acl-delete", "acl-list":
		return acls(ctx, admin, o)
	}
	return nil, fmt.Errorf("no such order: %s", o.Do)
}
