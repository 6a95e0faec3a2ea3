extension DemoGoods {
    /// The brands, categories and tags that the goods are filed under.
    static let shelves = #"""
        {"kind":"brand","id":"shanzhi","units":{"life":{"state":"live"},"text.zh-CN":{"title":"山止","brief":"茶山跑得勤，罐子上只写实话。"},"text.en":{"title":"Shanzhi","brief":"They walk the tea hills often and print only what is true on the tin."}}}
        {"kind":"brand","id":"qingpi","units":{"life":{"state":"live"},"text.zh-CN":{"title":"青坯","brief":"景德镇和龙泉两座窑，九个人。"},"text.en":{"title":"Qingpi","brief":"Two kilns, in Jingdezhen and Longquan, and nine people."}}}
        {"kind":"brand","id":"maye","units":{"life":{"state":"live"},"text.zh-CN":{"title":"麻野","brief":"只做麻和棉，先洗旧再出门。"},"text.en":{"title":"Maye","brief":"Linen and cotton only, washed soft before they leave."}}}
        {"kind":"brand","id":"zaojian","units":{"life":{"state":"live"},"text.zh-CN":{"title":"灶间","brief":"给每天做饭的人做的家什。"},"text.en":{"title":"Zaojian","brief":"Tools for people who cook every day."}}}
        {"kind":"brand","id":"yiyu","units":{"life":{"state":"live"},"text.zh-CN":{"title":"一隅灯","brief":"一盏灯照亮一个角落就够。"},"text.en":{"title":"Yiyu Light","brief":"One lamp, one corner, enough."}}}
        {"kind":"brand","id":"zoulong","units":{"life":{"state":"live"},"text.zh-CN":{"title":"走垄","brief":"东西轻一点，路就远一点。"},"text.en":{"title":"Zoulong","brief":"Lighter things, longer walks."}}}
        {"kind":"brand","id":"banhang","units":{"life":{"state":"live"},"text.zh-CN":{"title":"半行","brief":"纸笔墨砚，写半行也算写。"},"text.en":{"title":"Banhang","brief":"Paper, pens and ink. Half a line still counts."}}}
        {"kind":"category","id":"tea","units":{"life":{"state":"live"},"text.zh-CN":{"title":"茶"},"text.en":{"title":"Tea"},"place":{"position":1}}}
        {"kind":"category","id":"tea-green","units":{"life":{"state":"live"},"text.zh-CN":{"title":"绿茶"},"text.en":{"title":"Green tea"},"place":{"position":1,"parent":"tea"}}}
        {"kind":"category","id":"tea-white","units":{"life":{"state":"live"},"text.zh-CN":{"title":"白茶"},"text.en":{"title":"White tea"},"place":{"position":2,"parent":"tea"}}}
        {"kind":"category","id":"tea-oolong","units":{"life":{"state":"live"},"text.zh-CN":{"title":"乌龙茶"},"text.en":{"title":"Oolong"},"place":{"position":3,"parent":"tea"}}}
        {"kind":"category","id":"tea-black","units":{"life":{"state":"live"},"text.zh-CN":{"title":"红茶与黑茶"},"text.en":{"title":"Black and dark tea"},"place":{"position":4,"parent":"tea"}}}
        {"kind":"category","id":"tea-floral","units":{"life":{"state":"live"},"text.zh-CN":{"title":"花茶与草本"},"text.en":{"title":"Floral and herbal"},"place":{"position":5,"parent":"tea"}}}
        {"kind":"category","id":"ceramics","units":{"life":{"state":"live"},"text.zh-CN":{"title":"陶瓷"},"text.en":{"title":"Ceramics"},"place":{"position":2}}}
        {"kind":"category","id":"pots","units":{"life":{"state":"live"},"text.zh-CN":{"title":"壶与盖碗"},"text.en":{"title":"Pots and gaiwans"},"place":{"position":1,"parent":"ceramics"}}}
        {"kind":"category","id":"cups","units":{"life":{"state":"live"},"text.zh-CN":{"title":"杯盏"},"text.en":{"title":"Cups"},"place":{"position":2,"parent":"ceramics"}}}
        {"kind":"category","id":"bowls-plates","units":{"life":{"state":"live"},"text.zh-CN":{"title":"碗盘"},"text.en":{"title":"Bowls and plates"},"place":{"position":3,"parent":"ceramics"}}}
        {"kind":"category","id":"vases","units":{"life":{"state":"live"},"text.zh-CN":{"title":"花器"},"text.en":{"title":"Vases and planters"},"place":{"position":4,"parent":"ceramics"}}}
        {"kind":"category","id":"linen","units":{"life":{"state":"live"},"text.zh-CN":{"title":"布艺"},"text.en":{"title":"Linen"},"place":{"position":3}}}
        {"kind":"category","id":"bedding","units":{"life":{"state":"live"},"text.zh-CN":{"title":"床品"},"text.en":{"title":"Bedding"},"place":{"position":1,"parent":"linen"}}}
        {"kind":"category","id":"table-linen","units":{"life":{"state":"live"},"text.zh-CN":{"title":"餐厨布品"},"text.en":{"title":"Table and kitchen linen"},"place":{"position":2,"parent":"linen"}}}
        {"kind":"category","id":"loungewear","units":{"life":{"state":"live"},"text.zh-CN":{"title":"家居服"},"text.en":{"title":"Loungewear"},"place":{"position":3,"parent":"linen"}}}
        {"kind":"category","id":"kitchen","units":{"life":{"state":"live"},"text.zh-CN":{"title":"厨房"},"text.en":{"title":"Kitchen"},"place":{"position":4}}}
        {"kind":"category","id":"knives","units":{"life":{"state":"live"},"text.zh-CN":{"title":"刀与砧板"},"text.en":{"title":"Knives and boards"},"place":{"position":1,"parent":"kitchen"}}}
        {"kind":"category","id":"cookware","units":{"life":{"state":"live"},"text.zh-CN":{"title":"锅具"},"text.en":{"title":"Cookware"},"place":{"position":2,"parent":"kitchen"}}}
        {"kind":"category","id":"kitchen-tools","units":{"life":{"state":"live"},"text.zh-CN":{"title":"小工具"},"text.en":{"title":"Kitchen tools"},"place":{"position":3,"parent":"kitchen"}}}
        {"kind":"category","id":"kitchen-storage","units":{"life":{"state":"live"},"text.zh-CN":{"title":"收纳"},"text.en":{"title":"Storage"},"place":{"position":4,"parent":"kitchen"}}}
        {"kind":"category","id":"lighting","units":{"life":{"state":"live"},"text.zh-CN":{"title":"灯与烛"},"text.en":{"title":"Light"},"place":{"position":5}}}
        {"kind":"category","id":"floor-lamps","units":{"life":{"state":"live"},"text.zh-CN":{"title":"落地灯与提灯"},"text.en":{"title":"Floor lamps and lanterns"},"place":{"position":1,"parent":"lighting"}}}
        {"kind":"category","id":"table-lamps","units":{"life":{"state":"live"},"text.zh-CN":{"title":"台灯"},"text.en":{"title":"Table lamps"},"place":{"position":2,"parent":"lighting"}}}
        {"kind":"category","id":"pendants","units":{"life":{"state":"live"},"text.zh-CN":{"title":"吊灯"},"text.en":{"title":"Pendants"},"place":{"position":3,"parent":"lighting"}}}
        {"kind":"category","id":"candles","units":{"life":{"state":"live"},"text.zh-CN":{"title":"蜡烛"},"text.en":{"title":"Candles"},"place":{"position":4,"parent":"lighting"}}}
        {"kind":"category","id":"outdoor","units":{"life":{"state":"live"},"text.zh-CN":{"title":"户外"},"text.en":{"title":"Outdoor"},"place":{"position":6}}}
        {"kind":"category","id":"packs","units":{"life":{"state":"live"},"text.zh-CN":{"title":"背包"},"text.en":{"title":"Packs"},"place":{"position":1,"parent":"outdoor"}}}
        {"kind":"category","id":"camp","units":{"life":{"state":"live"},"text.zh-CN":{"title":"露营"},"text.en":{"title":"Camping"},"place":{"position":2,"parent":"outdoor"}}}
        {"kind":"category","id":"camp-kitchen","units":{"life":{"state":"live"},"text.zh-CN":{"title":"野炊"},"text.en":{"title":"Camp kitchen"},"place":{"position":3,"parent":"outdoor"}}}
        {"kind":"category","id":"hiking","units":{"life":{"state":"live"},"text.zh-CN":{"title":"徒步"},"text.en":{"title":"Hiking"},"place":{"position":4,"parent":"outdoor"}}}
        {"kind":"category","id":"stationery","units":{"life":{"state":"live"},"text.zh-CN":{"title":"文房"},"text.en":{"title":"Stationery"},"place":{"position":7}}}
        {"kind":"category","id":"notebooks","units":{"life":{"state":"live"},"text.zh-CN":{"title":"本册与信笺"},"text.en":{"title":"Notebooks and letters"},"place":{"position":1,"parent":"stationery"}}}
        {"kind":"category","id":"pens","units":{"life":{"state":"live"},"text.zh-CN":{"title":"笔与墨水"},"text.en":{"title":"Pens and ink"},"place":{"position":2,"parent":"stationery"}}}
        {"kind":"category","id":"brush-ink","units":{"life":{"state":"live"},"text.zh-CN":{"title":"笔墨篆刻"},"text.en":{"title":"Brush, ink and seal"},"place":{"position":3,"parent":"stationery"}}}
        {"kind":"category","id":"desk","units":{"life":{"state":"live"},"text.zh-CN":{"title":"案头"},"text.en":{"title":"On the desk"},"place":{"position":4,"parent":"stationery"}}}
        {"kind":"tag","id":"gift","units":{"life":{"state":"live"},"text.zh-CN":{"title":"送礼"},"text.en":{"title":"Gift"}}}
        {"kind":"tag","id":"new-harvest","units":{"life":{"state":"live"},"text.zh-CN":{"title":"当季"},"text.en":{"title":"This season"}}}
        {"kind":"tag","id":"daily","units":{"life":{"state":"live"},"text.zh-CN":{"title":"日用"},"text.en":{"title":"Everyday"}}}
        {"kind":"tag","id":"aged","units":{"life":{"state":"live"},"text.zh-CN":{"title":"陈年"},"text.en":{"title":"Aged"}}}
        {"kind":"tag","id":"caffeine-free","units":{"life":{"state":"live"},"text.zh-CN":{"title":"无咖啡因"},"text.en":{"title":"Caffeine-free"}}}
        {"kind":"tag","id":"handmade","units":{"life":{"state":"live"},"text.zh-CN":{"title":"手工"},"text.en":{"title":"Handmade"}}}
        {"kind":"tag","id":"dishwasher-safe","units":{"life":{"state":"live"},"text.zh-CN":{"title":"可机洗碗"},"text.en":{"title":"Dishwasher-safe"}}}
        {"kind":"tag","id":"winter","units":{"life":{"state":"live"},"text.zh-CN":{"title":"冬天"},"text.en":{"title":"Winter"}}}
        {"kind":"tag","id":"summer","units":{"life":{"state":"live"},"text.zh-CN":{"title":"夏天"},"text.en":{"title":"Summer"}}}
        {"kind":"tag","id":"travel","units":{"life":{"state":"live"},"text.zh-CN":{"title":"旅行"},"text.en":{"title":"Travel"}}}
        {"kind":"tag","id":"outdoor","units":{"life":{"state":"live"},"text.zh-CN":{"title":"户外"},"text.en":{"title":"Outdoor"}}}
        """#
}
