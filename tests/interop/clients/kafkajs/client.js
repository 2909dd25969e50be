// kafkajs, spoken to in lines of JSON: see ../README.md.
'use strict'

const fs = require('fs')
const readline = require('readline')
const kafkajs = require('kafkajs')
const lz4 = require('lz4js')
const xxh = require('lz4js/xxh32')
const snappy = require('snappyjs')
const zstd = require('@bokuweb/zstd-wasm')

const PATIENCE_MS = 30000
const OFFERS = ['none', 'bare', 'gzip', 'snappy', 'lz4', 'lz4-linked', 'zstd', 'idempotent',
  'group-eager', 'reset', 'transactions', 'describe-unknown', 'configs', 'alter-configs',
  'delete-records', 'groups', 'delete-group', 'cluster', 'sasl-plain', 'sasl-scram-sha-256',
  'sasl-scram-sha-512', 'sasl-oauthbearer', 'tls', 'acls', 'timestamp-beyond-is-end']

const [bootstrap, securityText, memberText] = process.argv.slice(2)
const security = JSON.parse(securityText)
const producers = {}
const transactions = {}
let admins = null
let consumers = 0

const codec = (library) => () => ({
  compress: async (encoder) => Buffer.from(await library.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(await library.decompress(buffer)),
})
// Kafka wants blocks that do not depend on each other. One block never does, but has to say so.
const oneBlockLz4 = {
  compress: (data) => {
    const frame = Buffer.from(lz4.compress(data))
    frame[4] |= 0x20
    frame[6] = (xxh.hash(0, frame, 4, 2) >>> 8) & 0xff
    return frame
  },
  decompress: lz4.decompress,
}
// As the package makes them; Kafka refuses these.
const linkedLz4 = { compress: lz4.compress, decompress: lz4.decompress }
// What a Java client compresses is framed by xerial's library.
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const framedSnappy = {
  compress: (data) => snappy.compress(data),
  decompress: (data) => {
    if (!data.subarray(0, 8).equals(XERIAL)) return snappy.uncompress(data)
    const parts = []
    for (let at = 16; at < data.length;) {
      const size = data.readUInt32BE(at)
      parts.push(snappy.uncompress(data.subarray(at + 4, at + 4 + size)))
      at += 4 + size
    }
    return Buffer.concat(parts)
  },
}
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.Snappy] = codec(framedSnappy)
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = codec(oneBlockLz4)
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = codec(zstd)
const codecs = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4, 'lz4-linked': 3 }

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')
const encode = (text) => (text === null ? null : Buffer.from(text))
const decode = (data) => (data === null || data === undefined ? null : data.toString())

// Kafka's number and name of what is underneath.
function refused(error) {
  for (let e = error; e; e = e.cause || (e.errors && e.errors[0]) ||
       (e.groups && e.groups[0] && e.groups[0].error) ||
       (e.partitions && e.partitions[0] && e.partitions[0].error)) {
    if (e.name === 'KafkaJSSASLAuthenticationError') {
      return { ok: false, error: 'SASL_AUTHENTICATION_FAILED', message: e.message }
    }
    if (security.token && e.message === 'No brokers in the broker pool') {
      // It takes the refusal of a token for an answer, and finds its connection closed.
      return { ok: false, error: 'SASL_AUTHENTICATION_FAILED', message: e.message }
    }
    if (e.type && e.type !== 'UNKNOWN') {
      return { ok: false, error: e.type, message: e.message }
    }
  }
  const unknown = error.type === 'UNKNOWN' || (error.cause && error.cause.type === 'UNKNOWN')
  return { ok: false, error: unknown ? 'UNKNOWN_SERVER_ERROR' : error.name,
    message: error.message }
}

function settings() {
  const s = {
    brokers: bootstrap.split(','),
    clientId: 'kafkajs',
    logLevel: kafkajs.logLevel.ERROR,
    retry: { initialRetryTime: 100, retries: 8 },
  }
  if (security.mechanism) {
    const mechanism = security.mechanism.toLowerCase()
    s.sasl = security.token
      ? { mechanism, oauthBearerProvider: async () => ({ value: security.token }) }
      : { mechanism, username: security.user, password: security.password }
  }
  if (security.ca) {
    s.ssl = { ca: [fs.readFileSync(security.ca, 'utf-8')] }
    if (security.certificate) {
      s.ssl.cert = fs.readFileSync(security.certificate, 'utf-8')
      s.ssl.key = fs.readFileSync(security.key, 'utf-8')
    }
  }
  return s
}

const kafka = new kafkajs.Kafka(settings())

async function admin() {
  if (!admins) {
    const made = kafka.admin()
    await made.connect()
    admins = made
  }
  return admins
}

function messages(records) {
  return records.map((r) => {
    const headers = {}
    for (const [name, value] of r.headers) headers[name] = encode(value)
    return { partition: r.partition, key: encode(r.key), value: encode(r.value), headers,
      timestamp: String(r.timestamp) }
  })
}

async function produce(o) {
  const producer = kafka.producer({ idempotent: Boolean(o.idempotent), maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner, metadataMaxAge: 1000 })
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] =
    codec(o.codec === 'lz4-linked' ? linkedLz4 : oneBlockLz4)
  await producer.connect()
  try {
    await producer.send({ topic: o.topic, acks: -1, timeout: PATIENCE_MS,
      compression: codecs[o.codec], messages: messages(o.records) })
  } finally {
    await producer.disconnect()
  }
}

function shape(partition, m) {
  const headers = []
  for (const [name, values] of Object.entries(m.headers || {})) {
    for (const value of Array.isArray(values) ? values : [values]) {
      headers.push([name, decode(value)])
    }
  }
  return { partition, offset: Number(m.offset), key: decode(m.key), value: decode(m.value),
    headers, timestamp: Number(m.timestamp) }
}

// It reads in groups only: one for each time.
async function consume(o) {
  const consumer = kafka.consumer({ groupId: `consume-${process.pid}-${consumers++}`,
    readUncommitted: o.isolation !== 'read_committed', maxWaitTimeInMs: 200,
    maxBytesPerPartition: 4000000 })
  const missing = new Map(Object.entries(o.until).map(([p, last]) => [Number(p), last]))
  const next = new Map(Object.entries(o.start).map(([p, at]) => [Number(p), at]))
  const records = []
  let watchdog
  await consumer.connect()
  try {
    await consumer.subscribe({ topic: o.topic, fromBeginning: o.reset !== 'latest' })
    await new Promise((resolve, reject) => {
      watchdog = setTimeout(() => (o.may_time_out ? resolve()
        : reject(new Error(`nothing more, still missing ${[...missing]}`))), o.wait_ms)
      consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error))
      consumer.run({ autoCommit: false, eachMessage: async ({ partition, message }) => {
        const offset = Number(message.offset)
        if (!missing.has(partition)) return
        // What was on its way before it was told where to begin.
        if (!o.reset && offset < next.get(partition)) return
        records.push(shape(partition, message))
        next.set(partition, offset + 1)
        if (offset >= missing.get(partition)) missing.delete(partition)
        if (missing.size === 0) resolve()
      } }).catch(reject)
      for (const [partition, at] of next) {
        consumer.seek({ topic: o.topic, partition, offset: String(at) })
      }
    })
  } finally {
    clearTimeout(watchdog)
    await consumer.disconnect()
  }
  return { records }
}

async function offsets(o) {
  const a = await admin()
  const found = o.at === 'earliest' || o.at === 'latest'
    ? (await a.fetchTopicOffsets(o.topic)).map((f) => [f.partition,
      o.at === 'earliest' ? f.low : f.high])
    : (await a.fetchTopicOffsetsByTimestamp(o.topic, o.at)).map((f) => [f.partition, f.offset])
  return { offsets: Object.fromEntries(found.filter(([p]) => o.partitions.includes(p))
    .map(([p, offset]) => [p, Number(offset)])) }
}

// -- transactions --

async function txnInit(id) {
  const producer = kafka.producer({ transactionalId: id, idempotent: true,
    maxInFlightRequests: 1, transactionTimeout: PATIENCE_MS,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  producers[id] = producer
  // Its first transaction asks for the producer's id; a fence has to stand now.
  transactions[id] = await producer.transaction()
}

async function txnBegin(id) {
  if (!transactions[id].isActive()) transactions[id] = await producers[id].transaction()
  return transactions[id]
}

// Reads so many, sends them in upper case, and the offsets with them; nothing is ended.
async function work(o, consumer) {
  const read = []
  let watchdog
  await consumer.connect()
  await consumer.subscribe({ topic: o.source, fromBeginning: true })
  try {
    await new Promise((resolve, reject) => {
      watchdog = setTimeout(() => reject(new Error(`${read.length} records only`)), PATIENCE_MS)
      consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error))
      consumer.run({ autoCommit: false, eachMessage: async ({ partition, message }) => {
        read.push(shape(partition, message))
        if (read.length === o.count) resolve()
      } }).catch(reject)
    })
  } finally {
    clearTimeout(watchdog)
  }
  const transaction = await txnBegin(o.id)
  await transaction.send({ topic: o.sink,
    messages: messages(read.map((r) => ({ ...r, value: r.value.toUpperCase() }))) })
  const last = new Map(read.map((r) => [r.partition, r.offset + 1]))
  await transaction.sendOffsets({ consumerGroupId: o.group, topics: [{ topic: o.source,
    partitions: [...last].map(([partition, at]) => ({ partition, offset: String(at) })) }] })
  return transaction
}

async function transform(o) {
  if (!producers[o.id]) await txnInit(o.id)
  const consumer = kafka.consumer({ groupId: o.group, maxWaitTimeInMs: 200,
    sessionTimeout: o.session_ms || 30000, heartbeatInterval: 500, readUncommitted: false })
  try {
    const transaction = await work(o, consumer)
    if (o.outcome !== 'leave') await transaction[o.outcome]()
  } finally {
    if (o.outcome !== 'leave') await consumer.disconnect()
  }
}

// -- admin --

async function topicOf(topic) {
  const found = await (await admin()).fetchTopicMetadata({ topics: [topic] })
  return found.topics[0].partitions
}

async function create(o) {
  const made = await (await admin()).createTopics({ waitForLeaders: true, timeout: PATIENCE_MS,
    topics: [{ topic: o.topic, numPartitions: o.partitions, replicationFactor: 1,
      configEntries: Object.entries(o.configs || {}).map(([name, value]) => ({ name, value })) }] })
  if (!made) throw Object.assign(new Error('not created'), { type: 'TOPIC_ALREADY_EXISTS' })
}

async function describe(o) {
  const leaders = (await topicOf(o.topic)).map((p) => p.leader)
  return { partitions: leaders.length, leaders }
}

const resource = (topic) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic })

async function describeConfigs(o) {
  const found = await (await admin()).describeConfigs({ resources: [resource(o.topic)] })
  return { configs: Object.fromEntries(found.resources[0].configEntries
    .map((e) => [e.configName, e.configValue])) }
}

async function alterConfigs(o) {
  await (await admin()).alterConfigs({ resources: [{ ...resource(o.topic),
    configEntries: Object.entries(o.configs).map(([name, value]) => ({ name, value })) }] })
}

async function deleteRecords(o) {
  const a = await admin()
  // It finds the leaders of those topics only that it was asked about before.
  await a.fetchTopicOffsets(o.topic)
  await a.deleteTopicRecords({ topic: o.topic,
    partitions: Object.entries(o.before).map(([p, at]) => ({ partition: Number(p),
      offset: String(at) })) })
}

async function describeGroup(o) {
  const { groups: [found] } = await (await admin()).describeGroups([o.group])
  return { state: found.state, members: found.members.length }
}

async function committed(o) {
  const [found] = await (await admin()).fetchOffsets({ groupId: o.group, topics: [o.topic] })
  return { offsets: Object.fromEntries(found.partitions
    .filter((p) => o.partitions.includes(p.partition))
    .map((p) => [p.partition, Number(p.offset)])) }
}

async function cluster() {
  const found = await (await admin()).describeCluster()
  return { brokers: found.brokers.map((b) => b.nodeId), controller: found.controller,
    id: found.clusterId }
}

const about = (topic) => ({ resourceType: kafkajs.AclResourceTypes.TOPIC, resourceName: topic,
  resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL })
const anyAcl = (topic) => ({ ...about(topic), operation: kafkajs.AclOperationTypes.ANY,
  permissionType: kafkajs.AclPermissionTypes.ANY })

async function aclCreate(o) {
  await (await admin()).createAcls({ acl: [{ ...about(o.topic), principal: o.principal,
    host: '*', operation: kafkajs.AclOperationTypes[o.operation.toUpperCase()],
    permissionType: kafkajs.AclPermissionTypes.ALLOW }] })
}

async function aclList(o) {
  const found = await (await admin()).describeAcls(anyAcl(o.topic))
  const name = (number) => Object.keys(kafkajs.AclOperationTypes)
    .find((k) => kafkajs.AclOperationTypes[k] === number).toLowerCase()
  return { acls: found.resources.flatMap((r) => r.acls.map((a) =>
    [a.principal, name(a.operation)])) }
}

const orders = {
  offers: async () => ({ offers: OFFERS }),
  produce, consume, offsets, transform, create, describe, committed, cluster,
  'transform-commit': (o) => transactions[o.id].commit(),
  'txn-init': (o) => txnInit(o.id),
  'txn-begin': async (o) => { await txnBegin(o.id) },
  'txn-send': async (o) => {
    await transactions[o.id].send({ topic: o.topic, messages: messages(o.records) })
  },
  'txn-commit': (o) => transactions[o.id].commit(),
  'txn-abort': (o) => transactions[o.id].abort(),
  'list-topics': async () => ({ topics: await (await admin()).listTopics() }),
  'add-partitions': async (o) => {
    await (await admin()).createPartitions({ topicPartitions: [{ topic: o.topic,
      count: o.total }] })
  },
  'describe-configs': describeConfigs,
  'alter-configs': alterConfigs,
  'delete-records': deleteRecords,
  'list-groups': async () => ({ groups: (await (await admin()).listGroups()).groups
    .map((g) => g.groupId) }),
  'describe-group': describeGroup,
  'delete-group': async (o) => { await (await admin()).deleteGroups([o.group]) },
  'delete-topic': async (o) => { await (await admin()).deleteTopics({ topics: [o.topic] }) },
  'acl-create': aclCreate,
  'acl-list': aclList,
  'acl-delete': async (o) => {
    await (await admin()).deleteAcls({ filters: [anyAcl(o.topic)] })
  },
}

async function serve() {
  await zstd.init()
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const o = JSON.parse(line)
    try {
      say({ ok: true, ...(await orders[o.do](o)) })
    } catch (error) {
      say(refused(error))
    }
  }
  for (const producer of Object.values(producers)) await producer.disconnect()
  if (admins) await admins.disconnect()
}

// One member of a group, until standard input ends. Its assignors are eager.
async function member(m) {
  const consumer = kafka.consumer({ groupId: m.group, sessionTimeout: m.session_ms,
    heartbeatInterval: 500, maxWaitTimeInMs: 200, metadataMaxAge: 1000 })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
    say({ event: 'owns', partitions: payload.memberAssignment[m.topic] || [] }))
  consumer.on(consumer.events.REBALANCING, () => say({ event: 'owns', partitions: [] }))
  await consumer.connect()
  await consumer.subscribe({ topic: m.topic, fromBeginning: true })
  await consumer.run({ autoCommit: false, eachMessage: async ({ topic, partition, message }) => {
    say({ event: 'record', partition, offset: Number(message.offset),
      value: decode(message.value) })
    await consumer.commitOffsets([{ topic, partition,
      offset: String(Number(message.offset) + 1) }])
  } })
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.on('end', resolve))
  await consumer.disconnect()
}

(memberText ? member(JSON.parse(memberText)) : serve()).then(() => process.exit(0))
