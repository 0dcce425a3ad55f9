/// The tables of the portal's database: the files of `Schema/`, which the manifest puts into the binary.
enum PortalTables {
    static let associationLimits = text(PackageResources.association_limits_sql)
    static let files = text(PackageResources.files_sql)
    static let lists = text(PackageResources.lists_sql)
    static let pipelineAudits = text(PackageResources.pipeline_audits_sql)
    static let portal = text(PackageResources.portal_sql)
    static let portalIndexes = text(PackageResources.portal_indexes_sql)
    static let submissionOutcomes = text(PackageResources.submission_outcomes_sql)

    /// - Parameter table: `records` or `search_records`.
    static func searchSideTables(of table: String) -> String { named(table, PackageResources.search_side_tables_sql) }

    static func searchSideTriggers(of table: String) -> String {
        named(table, PackageResources.search_side_triggers_sql)
    }

    static func searchSideWords(of table: String) -> String { named(table, PackageResources.search_side_words_sql) }

    static func searchSideTablesFill(of table: String) -> String {
        named(table, PackageResources.search_side_tables_fill_sql)
    }

    /// The file is written for the table `records`.
    private static func named(_ table: String, _ bytes: [UInt8]) -> String {
        text(bytes).replacing("records", with: table)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
