package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

// connected is the client that admin calls go through, made when the first comes.
func (p *program) connected() (sarama.Client, sarama.ClusterAdmin, error) {
	if p.client == nil {
		c, err := p.settings.config()
		if err != nil {
			return nil, nil, err
		}
		c.Admin.Timeout = patience
		if p.client, err = sarama.NewClient(p.settings.brokers(), c); err != nil {
			p.client = nil
			return nil, nil, err
		}
	}
	admin, err := sarama.NewClusterAdminFromClient(p.client)
	return p.client, admin, err
}

func numbers(raw json.RawMessage) []int32 {
	var list []int32
	if err := json.Unmarshal(raw, &list); err != nil {
		panic(err)
	}
	return list
}

func described(admin sarama.ClusterAdmin, topic string) (*sarama.TopicMetadata, error) {
	found, err := admin.DescribeTopics([]string{topic})
	if err != nil {
		return nil, err
	}
	if found[0].Err != sarama.ErrNoError {
		return nil, found[0].Err
	}
	return found[0], nil
}

func create(admin sarama.ClusterAdmin, o order) error {
	var partitions int32
	if err := json.Unmarshal(o.Partitions, &partitions); err != nil {
		return err
	}
	if err := admin.CreateTopic(o.Topic, &sarama.TopicDetail{NumPartitions: partitions,
		ReplicationFactor: 1, ConfigEntries: o.Configs}, false); err != nil {
		return err
	}
	for end := time.Now().Add(patience); time.Now().Before(end); {
		found, err := described(admin, o.Topic)
		if err == nil && len(found.Partitions) == int(partitions) {
			return nil
		}
	}
	return fmt.Errorf("the topic does not come")
}

func offsets(client sarama.Client, o order) (words, error) {
	at := sarama.OffsetNewest
	if string(o.At) == `"earliest"` {
		at = sarama.OffsetOldest
	} else if string(o.At) != `"latest"` {
		if err := json.Unmarshal(o.At, &at); err != nil {
			return nil, err
		}
	}
	offsets := map[string]int64{}
	for _, partition := range numbers(o.Partitions) {
		found, err := client.GetOffset(o.Topic, partition, at)
		if err != nil {
			return nil, err
		}
		offsets[strconv.Itoa(int(partition))] = found
	}
	return words{"offsets": offsets}, nil
}

func describe(admin sarama.ClusterAdmin, topic string) (words, error) {
	found, err := described(admin, topic)
	if err != nil {
		return nil, err
	}
	leaders := []int32{}
	for _, partition := range found.Partitions {
		leaders = append(leaders, partition.Leader)
	}
	return words{"partitions": len(leaders), "leaders": leaders}, nil
}

func describeConfigs(admin sarama.ClusterAdmin, topic string) (words, error) {
	found, err := admin.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource,
		Name: topic})
	configs := map[string]string{}
	for _, entry := range found {
		configs[entry.Name] = entry.Value
	}
	return words{"configs": configs}, err
}

func incrementally(admin sarama.ClusterAdmin, o order) error {
	entries := map[string]sarama.IncrementalAlterConfigsEntry{}
	for name, value := range o.Configs {
		entries[name] = sarama.IncrementalAlterConfigsEntry{
			Operation: sarama.IncrementalAlterConfigsOperationSet, Value: value}
	}
	return admin.IncrementalAlterConfig(sarama.TopicResource, o.Topic, entries, false)
}

func deleteRecords(admin sarama.ClusterAdmin, o order) error {
	before := map[int32]int64{}
	for name, at := range o.Before {
		partition, _ := strconv.Atoi(name)
		before[int32(partition)] = at
	}
	return admin.DeleteRecords(o.Topic, before)
}

func describeGroup(admin sarama.ClusterAdmin, group string) (words, error) {
	found, err := admin.DescribeConsumerGroups([]string{group})
	if err != nil {
		return nil, err
	}
	if found[0].Err != sarama.ErrNoError {
		return nil, found[0].Err
	}
	return words{"state": found[0].State, "members": len(found[0].Members)}, nil
}

func committed(admin sarama.ClusterAdmin, o order) (words, error) {
	partitions := numbers(o.Partitions)
	found, err := admin.ListConsumerGroupOffsets(o.Group,
		map[string][]int32{o.Topic: partitions})
	if err != nil {
		return nil, err
	}
	offsets := map[string]int64{}
	for _, partition := range partitions {
		at := int64(-1)
		if block := found.GetBlock(o.Topic, partition); block != nil {
			at = block.Offset
		}
		offsets[strconv.Itoa(int(partition))] = at
	}
	return words{"offsets": offsets}, nil
}

func cluster(admin sarama.ClusterAdmin, client sarama.Client) (words, error) {
	found, controller, err := admin.DescribeCluster()
	if err != nil {
		return nil, err
	}
	brokers := []int32{}
	for _, broker := range found {
		brokers = append(brokers, broker.ID())
	}
	first, err := client.Controller()
	if err != nil {
		return nil, err
	}
	metadata, err := first.GetMetadata(sarama.NewMetadataRequest(client.Config().Version, nil))
	if err != nil || metadata.ClusterID == nil {
		return nil, fmt.Errorf("no cluster id: %w", err)
	}
	return words{"brokers": brokers, "controller": controller, "id": *metadata.ClusterID}, nil
}

func acls(admin sarama.ClusterAdmin, o order) (words, error) {
	filter := sarama.AclFilter{Version: 1, ResourceType: sarama.AclResourceTopic,
		ResourceName: &o.Topic, ResourcePatternTypeFilter: sarama.AclPatternLiteral,
		Operation: sarama.AclOperationAny, PermissionType: sarama.AclPermissionAny}
	switch o.Do {
	case "acl-create":
		acl := sarama.Acl{Principal: o.Principal, Host: "*",
			PermissionType: sarama.AclPermissionAllow}
		if err := acl.Operation.UnmarshalText([]byte(o.Operation)); err != nil {
			return nil, err
		}
		return nil, admin.CreateACL(sarama.Resource{ResourceType: sarama.AclResourceTopic,
			ResourceName: o.Topic, ResourcePatternType: sarama.AclPatternLiteral}, acl)
	case "acl-delete":
		_, err := admin.DeleteACL(filter, false)
		return nil, err
	}
	found, err := admin.ListAcls(filter)
	list := [][]string{}
	for _, resource := range found {
		for _, acl := range resource.Acls {
			list = append(list, []string{acl.Principal,
				strings.ToLower(acl.Operation.String())})
		}
	}
	return words{"acls": list}, err
}

func (p *program) administer(o order) (words, error) {
	client, admin, err := p.connected()
	if err != nil {
		return nil, err
	}
	switch o.Do {
	case "create":
		return nil, create(admin, o)
	case "offsets":
		return offsets(client, o)
	case "describe":
		return describe(admin, o.Topic)
	case "list-topics":
		found, err := admin.ListTopics()
		topics := []string{}
		for name := range found {
			topics = append(topics, name)
		}
		return words{"topics": topics}, err
	case "add-partitions":
		return nil, admin.CreatePartitions(o.Topic, o.Total, nil, false)
	case "describe-configs":
		return describeConfigs(admin, o.Topic)
	case "alter-configs":
		return nil, admin.AlterConfig(sarama.TopicResource, o.Topic, o.Configs, false)
	case "incremental-alter-configs":
		return nil, incrementally(admin, o)
	case "delete-records":
		return nil, deleteRecords(admin, o)
	case "list-groups":
		found, err := admin.ListConsumerGroups()
		groups := []string{}
		for name := range found {
			groups = append(groups, name)
		}
		return words{"groups": groups}, err
	case "describe-group":
		return describeGroup(admin, o.Group)
	case "delete-group":
		return nil, admin.DeleteConsumerGroup(o.Group)
	case "committed":
		return committed(admin, o)
	case "delete-topic":
		return nil, admin.DeleteTopic(o.Topic)
	case "cluster":
		return cluster(admin, client)
	case "acl-create", "acl-delete", "acl-list":
		return acls(admin, o)
	}
	return nil, fmt.Errorf("no such order: %s", o.Do)
}
