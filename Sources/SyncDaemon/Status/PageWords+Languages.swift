extension PageWords {
    static let english = PageWords(
        labels: [
            "title": "Heyi status", "channels": "Channels", "channel": "Channel", "state": "State", "lag": "Lag",
            "changes": "changes", "lastSuccess": "Last success", "inFlight": "In flight", "retrying": "Retrying",
            "unknown": "Unknown", "dead": "Dead", "breaker": "Breaker", "rate": "Rate budget", "conflicts": "Conflicts",
            "inbox": "Inbox", "waiting": "waiting", "inboxDead": "given up", "quarantined": "quarantined",
            "oldest": "oldest", "store": "Store", "entities": "entities", "feed": "feed at", "file": "file",
            "wal": "log", "recent": "Recent events", "problems": "To do", "noChannels": "No channel yet. Add one:",
            "noEvents": "Nothing has happened yet.", "run": "run", "version": "version", "uptime": "up",
            "generation": "generation", "other": "中文", "otherCode": "zh", "live": "live", "stale": "connection lost, trying again",
            "paused": "paused", "updated": "as of", "when": "When", "what": "What", "where": "Where", "writable": "writable",
            "notWritable": "not writable", "configuration": "configuration read",
        ],
        verdicts: [.ok: "All is well", .degraded: "Degraded", .down: "Down"],
        states: [.active: "active", .paused: "paused", .halted: "halted", .retired: "retired"],
        breakers: [.closed: "closed", .halfOpen: "half open", .open: "open"],
        levels: [.info: "info", .warning: "warning", .error: "error"],
        problems: [
            .storeUnwritable: "The store cannot be written", .channelHalted: "%c is halted",
            .breakerOpen: "%c is not answering, its breaker is open", .deadLetters: "Changes given up on at %c: %n",
            .unknownOutcomes: "Pushes of unknown outcome at %c: %n", .inboxStuck: "Callbacks in the inbox are stuck",
            .quarantined: "Callbacks quarantined: %n",
            .configurationRefused: "The configuration file was not taken; the one before is in force",
            .clockStepped: "This host's clock was set; signed requests are judged by it",
            .conflictsOpen: "Conflicts waiting for a decision: %n", .lagging: "Changes %c has not got: %n",
            .channelPaused: "%c is paused", .driftUnhealed: "Differences at %c that are not put right: %n",
            .reconcileOverdue: "%c has not been compared for too long",
        ],
        inStep: "in step", never: "never", unlimited: "–", ages: (" s", " min", " h", " d"), ago: "%t ago")

    static let chinese = PageWords(
        labels: [
            "title": "合一运行状态", "channels": "渠道", "channel": "渠道", "state": "状态", "lag": "延迟",
            "changes": "条变更", "lastSuccess": "上次成功", "inFlight": "发送中", "retrying": "重试中",
            "unknown": "结果未知", "dead": "已放弃", "breaker": "熔断器", "rate": "限速余量", "conflicts": "冲突",
            "inbox": "收件箱", "waiting": "待处理", "inboxDead": "已放弃", "quarantined": "已隔离",
            "oldest": "最早", "store": "主库", "entities": "个实体", "feed": "变更序号", "file": "文件",
            "wal": "日志", "recent": "最近事件", "problems": "待处理事项", "noChannels": "还没有渠道，先添加一个：",
            "noEvents": "还没有事件。", "run": "执行", "version": "版本", "uptime": "已运行",
            "generation": "代", "other": "English", "otherCode": "en", "live": "实时", "stale": "连接中断，正在重连",
            "paused": "已暂停", "updated": "更新于", "when": "时间", "what": "内容", "where": "位置", "writable": "可写",
            "notWritable": "不可写", "configuration": "配置读取于",
        ],
        verdicts: [.ok: "一切正常", .degraded: "部分异常", .down: "无法服务"],
        states: [.active: "运行中", .paused: "已暂停", .halted: "已停住", .retired: "已停用"],
        breakers: [.closed: "正常", .halfOpen: "试探中", .open: "已断开"],
        levels: [.info: "信息", .warning: "警告", .error: "错误"],
        problems: [
            .storeUnwritable: "主库无法写入", .channelHalted: "渠道 %c 已停住",
            .breakerOpen: "渠道 %c 没有应答，熔断器已断开", .deadLetters: "渠道 %c 有 %n 条变更已放弃",
            .unknownOutcomes: "渠道 %c 有 %n 次推送结果未知", .inboxStuck: "收件箱有回调卡住",
            .quarantined: "%n 条回调已隔离", .configurationRefused: "配置文件未生效，仍在使用旧配置",
            .clockStepped: "本机时钟被调整过，签名请求以它为准",
            .conflictsOpen: "%n 个冲突等待裁决", .lagging: "渠道 %c 落后 %n 条变更", .channelPaused: "渠道 %c 已暂停",
            .driftUnhealed: "渠道 %c 有 %n 处差异未修复", .reconcileOverdue: "渠道 %c 太久没有对账",
        ],
        inStep: "已同步", never: "从未", unlimited: "–", ages: (" 秒", " 分钟", " 小时", " 天"), ago: "%t前")
}
