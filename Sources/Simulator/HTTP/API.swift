/// Every call that the simulator serves under HubSpot's paths.
enum API {
    static var routes: [Route] {
        ObjectsAPI.routes + BatchAPI.routes + SearchAPI.routes + AccountAPI.routes + FormsAPI.routes
            + FormSubmissionAPI.routes + PropertiesAPI.routes + OwnersAPI.routes + PipelinesAPI.routes
            + AssociationsAPI.routes + FormWritesAPI.routes + OAuthAPI.routes + FilesAPI.routes + FoldersAPI.routes
            + ListsAPI.routes + ListMembershipsAPI.routes + SchemasAPI.routes + LimitsAPI.routes
            + AssociationConfigurationsAPI.routes
    }
}
