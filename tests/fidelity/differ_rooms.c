/* What random programs are made of, room by room. Settings and forms that are known to differ, and
 * why they do (README.md), are not among it. */
#include <stddef.h>

#include "differ.h"

static const struct differ_step data_steps[] = {
    {22,
     "produce 40%n=1|2|3|5 30%codec=none|gzip|snappy|lz4|zstd 25%partition=0|1|0,1|1,0|2|0,0 "
     "15%acks=1|0|-1|2 10%keys=null|a|b|a,null 10%values=null|x 15%size=10|100|1000 "
     "20%times=0|1000|5000|3000,1000|0,9000|-1000|-5000000|5000000 40%version={version} 3%crc=bad "
     "3%magic=1|0|3 4%base=5|-1 3%attributes=8|16|32|64|7|5|128 2%count=0|3|-1 2%leader=7 "
     "3%max_timestamp=+5000|+0|-1 2%twice=1 2%extra=1|12|30 2%cut=1|20 2%length=10|0 "
     "3%records=empty 5%topic=$t-none|$t-b 3%id=none|unknown"},
    {12, "produce pid=900001|900002 60%epoch=0|1|2 60%n=1|2|3 30%partition=0|1 seq={seq} "
         "10%codec=gzip|zstd 8%acks=1|0 30%version={version} 10%times=1000|2000 5%size=500"},
    {8, "produce as=p|q 60%n=1|2|3 30%partition=0|1 seq={seq} 30%version={version} 5%epoch=0|1|5"},
    {5, "init as=p|q 40%version={version} 10%txid= 15%again=yes 10%timeout=0|-1|1000 5%pid=900005 "
        "5%epoch=3"},
    {16, "fetch 60%offset=0|1|2|3|4|5|8|-1|100 30%isolation=0|1 30%partition=0|1|0,1|1,0|2 "
         "30%max=0|1|100|200|1000 30%pmax=0|1|100|200|1000 45%version={version} 15%min=1|1000 "
         "10%leader_epoch=0|1|5|-1 10%last_epoch=0|1|5 5%id=none|unknown 5%topic=$t-none|$t-b "
         "20%wait=1|20"},
    {8,
     "list-offsets 80%time=latest|earliest|max|local|tiered|pending|+0|+1000|+2000|+5000|+5000001|"
     "-5000000|0|-7|-100 30%partition=0|1|2 30%isolation=0|1 20%leader_epoch=0|1|5 "
     "40%version={version} 5%topic=$t-none"},
    {5, "delete-records offset=0|1|2|3|5|-1|-2|100 30%partition=0|1|2 30%version={version} "
        "5%topic=$t-none"},
    {4, "epoch-end 50%epoch=0|1|-1|7 40%current=0|1|5 30%partition=0|1|0,1|2 50%version={version} "
        "5%topic=$t-none"},
    {3, "producers as=p|q 30%partition=0|1|0,1|2"},
    {2, "log-dirs 50%partition=0|1|0,1|2|3 40%version={version}"},
    {2, "metadata create=no 50%version={version}"},
    {2, "topic-partitions 40%limit=1|0|-1|2 20%from=0|1|-1|2 20%topic=$t,$t-none"},
    {0, NULL},
};

static const struct differ_step txn_steps[] = {
    {7, "init txid=$t|$t|$t-x as=p|q 20%again=yes 30%version={version} 6%timeout=0|-1|900001 "
        "5%epoch=0|1|7 3%pid=900007"},
    {12, "begin txid=$t|$t|$t|$t-x as=p|q 50%partition=0|1|0,1|2 6%bump=1|-1 15%version={version} "
         "4%topic=$t-none 3%pid=900007 4%also=$t-b 4%verify=yes"},
    {18, "produce txid=$t|$t|$t|$t-x attributes=16 as=p|q 50%n=1|2|3 40%partition=0|1 seq={seq} "
         "30%version={version} 4%epoch=0|1|5 4%codec=gzip"},
    {4, "produce as=p|q 50%n=1|2 40%partition=0|1 seq={seq} 10%txid=$t 20%version={version}"},
    {6, "produce 30%n=2 40%partition=0|1"},
    {10, "end-txn txid=$t|$t|$t|$t-x as=p|q 50%how=commit|abort 30%version={version} 5%bump=1|-1 "
         "3%pid=900007 4%keep=yes"},
    {5, "add-offsets txid=$t|$t|$t-x as=p|q 30%version={version} 5%group= 20%group=$g|$g-b "
        "4%bump=1|-1"},
    {6,
     "txn-commit txid=$t|$t|$t-x as=p|q offset=1|2|3|7 30%version={version} 20%partition=0|1|0,1|5 "
     "20%group=$g|$g-b 4%bump=1|-1 5%generation=1 5%member=x 4%metadata=null|long 2%size=5000 "
     "4%topic=$t-none 4%leader_epoch=0|3"},
    {3, "commit offset=4|5 20%version={version} 20%group=$g-b"},
    {6, "committed 40%stable=yes 30%version=7|8|9 20%partition=0|1|0,1 20%group=$g-b 20%all=yes"},
    {12, "fetch isolation=1|1|0 40%partition=0|1|0,1 40%offset=0|1|2|3|4|5 20%version={version} "
         "10%max=1|150 10%pmax=100"},
    {6, "list-offsets time=latest|earliest|max|+0 isolation=0|1 30%partition=0|1 "
        "20%version={version}"},
    {5, "producers as=p|q 40%partition=0|1|0,1"},
    {6, "transactions as=p|q 40%txid=$t|$t-x|$t,$t-x|$t-none"},
    {3,
     "list-transactions 20%states=Ongoing|Empty|CompleteCommit|CompleteAbort|Nothing|Ongoing,Empty "
     "30%version={version} 20%own=yes 20%duration=0|1000000"},
    {2, "delete-records offset=1|2|3|-1 30%partition=0|1"},
    {3, "markers as=p|q how=commit|abort 30%partition=0|1|0,1 30%coordinator=0|1|-1 10%bump=1|-1 "
        "30%version={version} 10%tv=2"},
    {0, NULL},
};

static const struct differ_step group_steps[] = {
    {16, "70%send join as=a|b|c 30%version=3|3|4|5|9 20%version={version} "
         "25%protocols=range:m|range:m,sticky:s|sticky:s,range:m|sticky:s|range:n|none:x "
         "12%instance=i1|i2 5%type=consumer|connect 4%member=nobody 4%session=6000|0 "
         "10%reason=why 3%group= 2%no_protocols=yes"},
    {14, "60%send sync as=a|b|c 50%assign=a:x|a:x,b:y|a:x,b:y,c:z|b:q 30%version={version} "
         "5%generation=1|2|0 5%protocol=sticky|range 5%type=connect|consumer 5%instance=i1|i2 "
         "3%member=nobody"},
    {12, "await on=1|2|3"},
    {10, "heartbeat as=a|b|c 30%version={version} 6%generation=1|2|-1 8%instance=i1|i2 "
         "5%member=nobody"},
    {6, "leave as=a|b|c 40%version={version} 10%instance=i1|i2 8%member=|nobody 5%nobody=yes "
        "10%reason=why"},
    {8, "commit as=a|b|c offset=1|2|3 30%version={version} 8%generation=1|2|-1 8%member=|nobody "
        "10%instance=i1|i2 6%partition=0|1|7 4%leader_epoch=0|1 4%topic=$t-none"},
    {5, "committed on=4 30%version=5|6|7|8|9 20%all=yes 10%stable=yes"},
    {8, "describe-groups on=4 30%version={version}"},
    {3, "list-groups on=4 30%states=Stable|Empty|PreparingRebalance|CompletingRebalance|Dead "
        "20%types=classic|consumer|Classic 30%version={version}"},
    {2, "delete-groups on=4"},
    {2, "offset-delete on=4 20%partition=0|0,1"},
    {0, NULL},
};

static const struct differ_step consumer_steps[] = {
    {24, "beat as=a|b|c 8%epoch=0|1|2|3|4|5|-1|-2|-3 30%owned=none|0|1|0,1|0,1,2|0,1,2,3 "
         "6%topics=$t|$t-b|"
         "$t,$t-b|none|$t-none 5%instance=i1|i2 5%assignor=uniform|range|other 4%rack=r1 "
         "8%rebalance=1000|30000|-1|0 15%version={version} 3%member=nobody 2%group="},
    {14, "beat as=a|b|c"},
    {4, "beat as=a|b|c epoch=0 20%owned=none|0 40%topics=$t|$t-b|$t,$t-b 15%instance=i1|i2 "
        "15%assignor=uniform|range"},
    {5, "beat as=a|b|c epoch=-1"},
    {3, "beat as=a|b|c epoch=-2 50%instance=i1|i2"},
    {8, "describe-consumers on=4 30%version={version}"},
    {3, "describe-groups on=4 30%version={version}"},
    {3, "list-groups on=4 20%states=Stable|Empty|Assigning|Reconciling|Dead|stable "
        "20%types=consumer|classic|Consumer 20%version={version}"},
    {6, "commit as=a|b|c offset=1|2|3 version=9|9|8|7|10 10%generation=0|1|2|3|-1 8%member=|nobody "
        "20%partition=0|1|9"},
    {5, "committed as=a|b|c on=4 version=9|9|8|7 20%epoch=-1|0|1|2|3 "
        "20%member=nobody|member-a|member-b "
        "20%all=yes 30%partition=0|1|0,1,9"},
    {2, "create-topic topic=$t-b 50%partitions=1|2|3 on=4"},
    {1, "delete-topic topic=$t-b on=4"},
    {2, "add-partitions count=3|4|5|6 on=4 30%topic=$t-b"},
    {1, "delete-groups on=4"},
    {1, "offset-delete on=4 30%partition=0|0,1"},
    {0, NULL},
};

static const struct differ_step group_admin_steps[] = {
    {14, "commit 40%group=$g-b offset=0|1|2|5|-1 generation=-1|-1|-1|0|1 member=||x "
         "30%version={version} "
         "20%partition=0|1|2|9 15%topic=$t-b|$t-none 10%metadata=null||x 10%leader_epoch=0|1|5 "
         "3%size=4096|4097 5%retention=1000|0 3%nothing=yes 4%group="},
    {10, "committed 30%group=$g-b|$g,$g-b|$g-none 20%all=yes 40%version={version} "
         "30%partition=0|1|0,1|9 10%topic=$t-b|$t-none 10%stable=yes 5%member=x 5%epoch=1"},
    {5, "join version=3 as=a 20%instance=i1 30%group=$g|$g-b 20%protocols=range:m|sticky:s "
        "10%type=consumer|connect"},
    {4, "sync as=a 50%assign=a:x 30%group=$g-b"},
    {4, "leave as=a 50%version={version} 30%group=$g-b"},
    {3, "heartbeat as=a 30%group=$g-b"},
    {6, "commit as=a offset=3|4 30%group=$g-b 30%version={version}"},
    {10,
     "describe-groups 30%group=$g-b|$g,$g-b|$g-none|$g,$g 40%version={version} 10%operations=yes "
     "2%group="},
    {6,
     "list-groups 30%states=Stable|Empty|empty|Dead|Nothing|Empty,Stable 30%types=classic|consumer|"
     "CLASSIC|share|nothing 40%version={version}"},
    {6, "delete-groups 40%group=$g-b|$g,$g-b|$g-none|$g,$g 40%version={version} 2%group="},
    {8,
     "offset-delete 30%group=$g-b|$g-none 40%partition=0|1|0,1|9 15%topic=$t-b|$t-none 2%group="},
    {4, "find-coordinator 30%key=$g|$t|$g,$g-b|x| 30%type=0|1|2|-1|3 50%version={version}"},
    {3, "describe-consumers 30%group=$g-b|$g,$g-b 30%version={version}"},
    {3, "create-topic topic=$t-b 50%partitions=1|2"},
    {2, "delete-topic topic=$t-b"},
    {1, "delete-topic topic=$t"},
    {3, "init txid=$t as=p"},
    {3, "add-offsets as=p"},
    {4, "txn-commit as=p offset=8"},
    {3, "end-txn as=p how=commit|abort"},
    {0, NULL},
};

#define SETTING_WORDS                                                                              \
    "25%cleanup.policy=delete|compact|compact,delete|delete,compact|none|,|delete,delete|Compact|" \
    " "                                                                                            \
    "12%compression.type=producer|gzip|snappy|lz4|zstd|uncompressed|none|Gzip "                    \
    "12%retention.ms=-1|0|1000|-2|604800000|9223372036854775807|9223372036854775808|1.5|x|+5|"     \
    "null "                                                                                        \
    "8%retention.bytes=-1|0|1000|-2|x "                                                            \
    "8%segment.bytes=1048576|1073741824|13|14|1048575|2147483648|-1 "                              \
    "8%segment.ms=1|0|604800000|-1|x "                                                             \
    "8%segment.index.bytes=4|3|10485760|2147483647 "                                               \
    "8%index.interval.bytes=0|4096|-1 "                                                            \
    "10%max.message.bytes=0|1|1048588|-1|2147483647|2147483648|1e3 "                               \
    "8%min.insync.replicas=1|2|0|x "                                                               \
    "8%message.timestamp.type=CreateTime|LogAppendTime|createtime|x "                              \
    "6%message.timestamp.before.max.ms=0|1000|-1|9223372036854775807 "                             \
    "6%message.timestamp.after.max.ms=0|3600000|-1 "                                               \
    "6%min.cleanable.dirty.ratio=0|0.5|1|1.1|-0.1|x|.5|1e-1 "                                      \
    "6%delete.retention.ms=0|86400000|-1 "                                                         \
    "6%min.compaction.lag.ms=0|1000|-1 6%max.compaction.lag.ms=0|1|1000|9223372036854775807 "      \
    "6%unclean.leader.election.enable=true|false|TRUE|yes "                                        \
    "5%preallocate=false|False|x 4%file.delete.delay.ms=60000|0|-1 "                               \
    "4%flush.ms=9223372036854775807|0|1000 4%flush.messages=9223372036854775807|0|1 "              \
    "4%compression.gzip.level=-1|1|9|10|0|x 4%compression.zstd.level=3|22|23|-131072|-131073 "     \
    "4%compression.lz4.level=9|17|18|0 4%unknown.setting=x 2%set=|=x|retention.ms "

static const struct differ_step topic_steps[] = {
    {10, "create-topic topic=$t-b|$t-b|$t-c|$t 40%partitions=1|2|3|0|-1|-2 20%replicas=1|-1|2|0|-2 "
         "8%brokers=1;1|1|2|1/1|1;2|1,1 4%indexes=0,1|1,2|0,0 15%validate=yes 6%twice=yes "
         "30%version={version} 20%show=cleanup.policy,retention.ms as=x"},
    {14, "create-topic topic=$t-b|$t-c 20%partitions=1|2 20%validate=yes as=x "
         "30%show=cleanup.policy,retention.ms,compression.type " SETTING_WORDS},
    {3, "create-topic topic=|.|..|bad/name|$t.x|$t_x|$t,$t-b as=x 30%validate=yes"},
    {7, "delete-topic topic=$t-b|$t-b|$t-c|$t|$t-none|$t-b,$t-c|| as=x 10%twice=yes "
        "40%version={version}"},
    {2, "delete-topic id=x|unknown|none as=x 20%times=2"},
    {8, "add-partitions count=1|2|3|4|0|-1 40%topic=$t-b|$t-none|$t,$t-b 8%brokers=1|1;1|2|1/1 "
        "15%validate=yes 5%twice=yes 30%version={version}"},
    {14, "alter 30%name=$t-b|$t-none| 30%op=set|delete|append|subtract 8%validate=yes 5%twice=yes "
         "5%repeat=yes 4%type=2|4|8|16|3|0 " SETTING_WORDS},
    {7, "alter-all 30%name=$t-b|$t-none 8%validate=yes 5%twice=yes 30%version={version} "
        "3%type=4|0|3 " SETTING_WORDS},
    {16,
     "configs "
     "60%keys=cleanup.policy,retention.ms,segment.bytes,min.cleanable.dirty.ratio|compression.type,"
     "max.message.bytes,message.timestamp.type|none.such|unclean.leader.election.enable,"
     "segment.ms,retention.bytes,delete.retention.ms 20%name=$t-b|$t-none| 20%synonyms=yes "
     "30%version={version} 3%type=0|3"},
    {6, "metadata create=no 40%topic=$t-b|$t,$t-b|$t-c|$t-none 40%version={version}"},
    {4, "topic-partitions 30%topic=$t-b|$t,$t-b|$t-b,$t 30%limit=1|2|3 20%from=0|1|2|-1|9 "
        "20%cursor=$t|$t-b|$t-a"},
    {5, "produce 30%topic=$t-b 30%partition=1|2 20%size=1000|100000 20%keys=null 20%codec=gzip "
        "10%times=5000|-2000"},
    {4, "fetch 30%topic=$t-b 30%partition=0|1|2 20%version={version}"},
    {3, "elect 40%type=0|1|2 30%partition=0|1|9 20%topic=$t-b|$t-none 30%version={version}"},
    {3, "reassign 30%to=1|2|1,1|1,2 15%nobody=yes 10%cancel=yes 20%partition=0|1|9 "
        "20%topic=$t-b|$t-none "
        "30%version={version}"},
    {2, "reassigning 20%partition=0|9 20%topic=$t-none"},
    {2, "config-resources 50%types=2|4|8|16|2,4|32|0|99 30%version={version}"},
    {2, "cluster 30%endpoint=1|2|0|3 20%fenced=yes 30%version={version}"},
    {0, NULL},
};

static const struct differ_step session_steps[] = {
    {6, "fetch session_epoch=0 partition=0|0,1|0,1,2|1,0|2|5|0,5 30%offset=0|1|0,1,2|9 "
        "15%session=same "
        "20%version={version} 20%max=1|200 15%pmax=1|100 15%isolation=1"},
    {16, "fetch session=same session_epoch=1|1|2|2|3|3|4|5 60%none=yes 40%partition=0|1|2|0,1|3|5 "
         "40%offset=0|1|2|3|4|9|-1 15%forget=0|1|0,1|2|7 12%version={version} 15%max=1|200 "
         "10%pmax=0|100 "
         "10%isolation=1 8%min=1|100 8%leader_epoch=0|5 4%topic=$t-b|$t-none 3%id=none|unknown "
         "6%last_epoch=0|1"},
    {3, "fetch session=same session_epoch=-1|-1|0|7|-2 40%none=yes 30%forget=0|1"},
    {2, "fetch session=12345|0|-1 session_epoch=0|1|-1|5 30%none=yes"},
    {10, "produce 40%partition=0|1|2|0,1 40%n=1|2|3 15%size=200 15%codec=gzip"},
    {3, "delete-records offset=1|2|-1 50%partition=0|1|2"},
    {2, "add-partitions count=4|5"},
    {1, "delete-topic"},
    {1, "create-topic as=x partitions=1|2"},
    {2, "metadata create=no version=10|12"},
    {1, "init txid=$t as=p"},
    {1, "begin as=p 40%partition=0|1"},
    {1, "produce as=p txid=$t attributes=16 seq={seq} 40%partition=0|1"},
    {1, "end-txn as=p how=commit|abort"},
    {0, NULL},
};

static const struct differ_step security_steps[] = {
    {20,
     "create-acl 60%resource=topic|group|transactional_id|topic|cluster|user "
     "30%name=$t|$t-b|*|fid-|kafka-cluster|$g 20%pattern=literal|prefixed operation=read|write|all|"
     "describe|create|delete|alter|describe_configs|alter_configs|idempotent_write|cluster_action "
     "15%permission=deny 6%host=127.0.0.1|192.0.2.1 "
     "6%version={version}"},
    {5, "create-acl resource=cluster name=kafka-cluster operation=create|alter|describe|all|"
        "idempotent_write|describe_configs|alter_configs|cluster_action"},
    {3, "delete-acls principal=User:$t 40%operation=read|write|describe|all "
        "30%resource=topic|group 20%permission=deny|allow "
        "20%name=null|$t|$g"},
    {4, "describe-acls principal=User:$t 30%name=null|$t 20%pattern=match|literal|prefixed "
        "20%operation=read|write "
        "20%resource=topic|group|cluster 20%permission=deny|allow"},
    {8, "produce on=1 20%topic=$t-b 15%acks=1 25%pid=900001 20%version={version}"},
    {2, "produce on=1 as=p txid=$t attributes=16"},
    {6, "fetch on=1 20%topic=$t-b 40%version={version}"},
    {4, "list-offsets on=1 20%topic=$t-b|$t-none 40%version={version}"},
    {6, "metadata create=no on=1 25%topic=$t-b|$t,$t-b|$t-none 40%version={version} "
        "15%operations=yes"},
    {2, "topic-partitions on=1 30%topic=$t-b|$t,$t-b|$t-none"},
    {3, "find-coordinator on=1 30%type=0|1 40%key=$t|$g-b|$t-x 40%version={version}"},
    {3, "join on=1 version=3 as=m"},
    {2, "sync on=1 as=m 50%assign=m:x"},
    {2, "heartbeat on=1 as=m"},
    {2, "leave on=1 as=m"},
    {4, "commit on=1 offset=1 generation=-1 member= 25%topic=$t-b|$t-none 30%group=$g-b "
        "40%version={version}"},
    {4, "committed on=1 30%group=$g-b|$g,$g-b 20%all=yes 25%topic=$t-b 40%version={version}"},
    {3, "describe-groups on=1 20%operations=yes 30%group=$g,$g-b 40%version={version}"},
    {2, "list-groups on=1"},
    {2, "delete-groups on=1 30%group=$g-b"},
    {2, "offset-delete on=1 30%topic=$t-b|$t-none"},
    {3, "beat on=1 as=n group=$g-c 30%topics=$t|$t-b|$t,$t-b|$t-none"},
    {2, "describe-consumers on=1 group=$g-c 30%operations=yes"},
    {4, "init on=1 as=p 60%txid=$t|$t-x 40%version={version}"},
    {3, "begin on=1 as=p 20%topic=$t-b|$t-none 20%also=$t-b 30%version={version}"},
    {2, "add-offsets on=1 as=p"},
    {2, "txn-commit on=1 as=p offset=1 30%topic=$t-b"},
    {2, "end-txn on=1 as=p how=commit|abort"},
    {2, "transactions on=1 as=p 40%txid=$t,$t-x|$t-none"},
    {1, "list-transactions on=1"},
    {2, "producers on=1 as=p 30%topic=$t-b|$t-none"},
    {3, "create-topic on=1 topic=$t-b|$t-c|$t as=x 20%validate=yes 30%version={version} "
        "20%show=cleanup.policy"},
    {2, "delete-topic on=1 topic=$t-b|$t-c|$t-none as=x 30%version={version}"},
    {2, "add-partitions on=1 count=3 30%topic=$t-b|$t-none"},
    {2, "delete-records on=1 offset=-1 30%topic=$t-b|$t-none"},
    {3, "configs on=1 keys=retention.ms 30%name=$t-b|$t-none 10%type=4"},
    {3, "alter on=1 retention.ms=5000 30%name=$t-b|$t-none"},
    {2, "alter-all on=1 retention.ms=5000 30%name=$t-b|$t-none"},
    {1, "cluster on=1 40%operations=yes"},
    {1, "log-dirs on=1"},
    {1, "elect on=1"},
    {1, "reassign on=1"},
    {1, "reassigning on=1"},
    {1, "config-resources on=1 40%types=2"},
    {1, "epoch-end on=1 30%topic=$t-b|$t-none"},
    {1, "markers on=1 as=p"},
    {1, "describe-acls on=1 principal=User:$t"},
    {1, "create-acl on=1"},
    {1, "scram-users on=1 30%users=alice"},
    {1, "produce"},
    {1, "commit offset=2 generation=-1 member="},
    {0, NULL},
};

const struct differ_room differ_rooms[] = {
    {.name = "data",
     .about = "produce, fetch, list-offsets, delete-records, epochs, idempotent sequences",
     .topics =
         "partitions=2|partitions=2|partitions=2 message.timestamp.type=LogAppendTime|"
         "partitions=2 max.message.bytes=200|partitions=2 cleanup.policy=compact|"
         "partitions=2 compression.type=gzip|partitions=2 compression.type=uncompressed|"
         "partitions=2 compression.type=zstd message.timestamp.type=LogAppendTime|"
         "partitions=2 message.timestamp.before.max.ms=3000 message.timestamp.after.max.ms=2000|"
         "partitions=2 min.insync.replicas=2|partitions=2 cleanup.policy=compact,delete",
     .prelude = "metadata create=no version=12\n",
     .steps = data_steps,
     .min_steps = 6,
     .max_steps = 22},
    {.name = "transactions",
     .about = "two producers and two transactional ids, offsets, both isolation levels",
     .topics = "partitions=2",
     .prelude = "metadata create=no version=12\ninit txid=$t as=p\n",
     .steps = txn_steps,
     .min_steps = 8,
     .max_steps = 26},
    {.name = "groups",
     .about = "members of classic groups in any order, static ones",
     .members = true,
     .topics = "",
     .prelude = "",
     .steps = group_steps,
     .min_steps = 6,
     .max_steps = 22},
    {.name = "consumers",
     .about = "groups of the consumer protocol (KIP-848), with topics that come, go and grow",
     .members = true,
     .topics = "partitions=4|partitions=1|partitions=3",
     .prelude = "metadata create=no version=12\n",
     .steps = consumer_steps,
     .min_steps = 6,
     .max_steps = 24},
    {.name = "group-admin",
     .about = "offsets without members, describing, listing, deleting groups and offsets",
     .topics = "partitions=2",
     .prelude = "metadata create=no version=12\n",
     .steps = group_admin_steps,
     .min_steps = 6,
     .max_steps = 22},
    {.name = "topics",
     .about = "topics and their settings: create, delete, grow, alter, describe",
     .topics = "partitions=1|partitions=2|cleanup.policy=compact",
     .prelude = "",
     .steps = topic_steps,
     .min_steps = 4,
     .max_steps = 14},
    {.name = "sessions",
     .about = "incremental fetches (KIP-227)",
     .topics = "partitions=3",
     .prelude = "metadata create=no version=12\nproduce\n",
     .steps = session_steps,
     .min_steps = 6,
     .max_steps = 22},
    {.name = "security",
     .about = "ACLs in any mixture, and what is allowed then",
     .logins = true,
     .topics = "partitions=2",
     .prelude = "handshake on=1 mechanism=OAUTHBEARER\nauthenticate on=1 sub=$t\n"
                "create-topic topic=$t-b as=x\n",
     .steps = security_steps,
     .min_steps = 6,
     .max_steps = 24},
    {0},
};
