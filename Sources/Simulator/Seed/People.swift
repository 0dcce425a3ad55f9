import Wire

/// Makes up people: the same seed gives the same ones, each with an address of its own.
struct People {
    struct Person {
        var values: [String: String]
        var created: Int64
        var updated: Int64
        /// The place in ``companies`` of the company that the person works for; nil where that is not known.
        var employer: Int?
    }

    /// 2024-01-01T08:00:00Z: when the portal was opened.
    static let firstDay: Int64 = 1_704_096_000_000
    /// The last contact was made before this day, 2026-11-01.
    static let lastDay: Int64 = 1_793_491_200_000

    private var dice: SplitMix64
    private var moment = Self.firstDay

    init(seed: UInt64) {
        dice = SplitMix64(seed: seed)
    }

    private struct Culture {
        /// The name, and how it is written in an address.
        var first: [(String, String)]
        var last: [(String, String)]
        /// City, country, the beginning of a phone number.
        var places: [(String, String, String)]
    }

    private static func plain(_ names: String) -> [(String, String)] {
        names.split(separator: " ").map { (String($0), $0.lowercased()) }
    }

    private static func pairs(_ names: String) -> [(String, String)] {
        names.split(separator: " ").map { pair in
            let parts = pair.split(separator: "/")
            return (String(parts[0]), String(parts[parts.count - 1]))
        }
    }

    private static let cultures: [(weight: UInt64, Culture)] = [
        (
            50,
            Culture(
                first: plain(
                    "Ada Grace Alan Mary Edsger Barbara John Linda Peter Susan James Karen Robert Nancy Michael Emily David Sarah Thomas Laura Daniel Anna Paul Julia Mark Helen George Alice Simon Claire"
                ),
                last: plain(
                    "Lovelace Hopper Turing Smith Johnson Brown Taylor Wilson Clark Walker Hall Wright Baker Cooper Mason Fisher Carter Parker Turner Morgan Bennett Foster Hughes Russell Griffin Hayes Myers Ford Wallace West"
                ),
                places: [
                    ("London", "United Kingdom", "+44 20 7946 0"), ("Boston", "United States", "+1 617 555 "),
                    ("Dublin", "Ireland", "+353 1 555 "), ("Toronto", "Canada", "+1 416 555 "),
                ])
        ),
        (
            25,
            Culture(
                first: pairs(
                    "Jürgen/juergen Zoë/zoe François/francois Søren/soeren José/jose Anaïs/anais Łukasz/lukasz Günther/guenther Renée/renee Björn/bjoern Inés/ines Chloé/chloe Åsa/asa Petr/petr Milica/milica"
                ),
                last: pairs(
                    "Müller/mueller García/garcia Lefèvre/lefevre Nuñez/nunez Østergaard/oestergaard Dvořák/dvorak Kowalczyk/kowalczyk Weiß/weiss Gonçalves/goncalves Åkesson/akesson O'Brien/obrien D'Angelo/dangelo Šimić/simic Bjørnsen/bjoernsen van-Dijk/van-dijk"
                ),
                places: [
                    ("München", "Germany", "+49 89 555 "), ("Kraków", "Poland", "+48 12 555 "),
                    ("São Paulo", "Brazil", "+55 11 5555 "), ("Malmö", "Sweden", "+46 40 555 "),
                    ("Orléans", "France", "+33 2 55 55 "),
                ])
        ),
        (
            15,
            Culture(
                first: pairs(
                    "美咲/misaki 太郎/taro 翔太/shota 葵/aoi 伟/wei 秀英/xiuying 丽/li 强/qiang 지훈/jihun 서연/seoyeon 민준/minjun 陽菜/hina"
                ),
                last: pairs(
                    "佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 王/wang 李/lee 张/zhang 陈/chen 김/kim 박/park 최/choi 渡辺/watanabe"
                ),
                places: [
                    ("東京", "Japan", "+81 3 5555 "), ("上海", "China", "+86 21 5555 "),
                    ("서울", "South Korea", "+82 2 555 "),
                ])
        ),
        (
            10,
            Culture(
                first: pairs(
                    "Ольга/olga Дмитро/dmytro Ελένη/eleni Γιώργος/giorgos ليلى/layla عمر/omar Nguyễn/nguyen Ayşe/ayse"),
                last: pairs(
                    "Шевченко/shevchenko Коваль/koval Παπαδόπουλος/papadopoulos حداد/haddad Trần/tran Yıldız/yildiz"),
                places: [
                    ("Київ", "Ukraine", "+380 44 555 "), ("Αθήνα", "Greece", "+30 21 0555 "),
                    ("İstanbul", "Türkiye", "+90 212 555 "),
                ])
        ),
    ]

    /// Names and domains of those that people work for.
    static let companies = [
        ("Analytical Engines", "engines.example"), ("Brot & Söhne", "brot.example"),
        ("North Wind Ltd", "northwind.example"),
        ("Fromagerie du Lac", "fromagerie.example"), ("Tea \"House\" Inc.", "teahouse.example"),
        ("株式会社みかん", "mikan.example"), ("Sound, Light and Stage", "stage.example"), ("Cobalt Systems", "cobalt.example"),
        ("Green Valley Farms", "greenvalley.example"), ("Kestrel Analytics", "kestrel.example"),
    ]

    private static let titles = [
        "Engineer", "Head of Sales", "Buyer", "Managing Director", "Consultant", "Office Manager", "Researcher",
        "Architect",
    ]

    /// The stages of a portal that has worked for some time, each as often as it stands here.
    private static let stages = [
        "subscriber", "subscriber", "lead", "lead", "lead", "lead", "marketingqualifiedlead", "salesqualifiedlead",
        "opportunity", "customer", "customer", "evangelist",
    ]

    private mutating func index<T>(in list: [T]) -> Int { Int(dice.next() % UInt64(list.count)) }

    private mutating func pick<T>(_ list: [T]) -> T { list[index(in: list)] }

    private mutating func chance(_ percent: UInt64) -> Bool {
        dice.next() % 100 < percent
    }

    /// - Parameter count: How many there will be in all, so that they spread over the portal's years.
    mutating func next(id: Int64, of count: Int) -> Person {
        let step = (Self.lastDay - Self.firstDay) / Int64(max(1, count))
        // One in eight came with an import, at the very time of the one before.
        if !chance(12) { moment += Int64(dice.next() % UInt64(max(1, step * 2))) }
        moment = min(moment, Self.lastDay)
        var roll = dice.next() % 100
        let culture =
            Self.cultures.first { entry in
                if roll < entry.weight { return true }
                roll -= entry.weight
                return false
            }?.1 ?? Self.cultures[0].1
        let first = pick(culture.first)
        let last = pick(culture.last)
        let place = pick(culture.places)
        let employer = index(in: Self.companies)
        let company = Self.companies[employer]
        let email = "\(first.1).\(last.1).\(id)@\(company.1)"
        let stage = pick(Self.stages)
        let time = Timestamp.iso(moment)
        let number = String(id)
        var values = [
            "email": email, "firstname": first.0, "lastname": last.0, "city": place.0, "country": place.1,
            "lifecyclestage": stage, "createdate": time, "hs_object_id": number, "hs_all_contact_vids": number,
            "hs_email_domain": company.1, "hs_is_contact": "true", "hs_is_unworked": "true",
            "hs_marketable_status": "false", "hs_marketable_until_renewal": "false", "hs_object_source": "IMPORT",
            "hs_object_source_id": "1", "hs_object_source_label": "IMPORT",
            "hs_pipeline": "contacts-lifecycle-pipeline",
            "hs_lifecyclestage_\(stage)_date": time,
        ]
        if chance(80) { values["company"] = company.0 }
        if chance(60) { values["jobtitle"] = pick(Self.titles) }
        if chance(70) {
            let digits = String(1000 + dice.next() % 9000)
            values["phone"] = place.2 + digits
            values["hs_searchable_calculated_phone_number"] = String((place.2 + digits).filter(\.isNumber).suffix(10))
        }
        if chance(30) { values["interests"] = chance(50) ? "soup;bread" : "tea" }
        if chance(25) { values["score"] = String(dice.next() % 1000) }
        if chance(20) { values["birthday"] = Timestamp.date(Int64(dice.next() % 20_000) - 7000) }
        if chance(40) { values["newsletter"] = chance(50) ? "true" : "false" }
        if chance(50) { values["hubspot_owner_id"] = pick(["41", "42", "43"]) }
        let updated = min(moment + Int64(dice.next() % UInt64(30 * Timestamp.millisecondsPerDay)), Self.lastDay + 1)
        values["lastmodifieddate"] = Timestamp.iso(updated)
        return Person(
            values: values, created: moment, updated: updated,
            employer: values["company"] == nil ? nil : employer)
    }
}
