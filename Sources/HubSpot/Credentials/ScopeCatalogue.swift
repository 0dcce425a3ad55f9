/// Which of HubSpot's scopes opens what here (source: HubSpot's page on scopes). It does not judge scopes that it does not know.
package enum ScopeCatalogue {
    /// The scopes of which any one opens an area; nil where that is not known.
    package static func scopes(for permission: Permission) -> [String]? { byPermission[permission] }

    /// The rights that a scope opens here, in the order of the areas; empty for one that moonspot has no use for.
    package static func opened(by scope: String) -> [Permission] { byScope[scope] ?? [] }

    /// The scopes that would open the rest: one for each area and right.
    package static func missing(from granted: [String], for permissions: PermissionList = .all) -> [String] {
        var missing: [String] = []
        for (permission, scopes) in table where permissions.allows(permission) {
            guard let first = scopes.first, !scopes.contains(where: granted.contains), !missing.contains(first) else {
                continue
            }
            missing.append(first)
        }
        return missing
    }

    /// Those that open nothing which the permissions allow: a token that is stolen can do more than its owner needs.
    package static func excess(in granted: [String], over permissions: PermissionList, readOnly: Bool) -> [String] {
        granted.filter { scope in
            guard scope != "oauth" else { return false }
            return !opened(by: scope).contains { permissions.allows($0) && (!readOnly || $0.right == .read) }
        }
    }

    private static let table: [(Permission, [String])] = {
        var table: [(Permission, [String])] = [(Permission("account", .read), ["oauth"])]
        for type in ObjectType.standard {
            let name = ObjectType(type.name).name
            for right in [Permission.Right.read, .write] {
                var scopes = ["crm.objects.\(name).\(right)"]
                switch name {
                case "tickets": scopes.append("tickets")
                case "products", "line_items": scopes.append("e-commerce")
                // Engagements are opened by the contacts' scopes.
                case "tasks", "notes", "meetings", "calls", "emails", "communications", "postal_mail":
                    scopes = ["crm.objects.contacts.\(right)"]
                default: break
                }
                table.append((Permission(ObjectType.canonical(type.name), right), scopes))
            }
        }
        table += [
            (Permission("owners", .read), ["crm.objects.owners.read"]),
            (Permission("lists", .read), ["crm.lists.read"]), (Permission("lists", .write), ["crm.lists.write"]),
            (Permission("properties", .read), propertyScopes("read")),
            (Permission("properties", .write), propertyScopes("write")),
            (Permission("schemas", .read), ["crm.schemas.custom.read"]),
            (Permission("schemas", .write), ["crm.schemas.custom.write"]),
            (Permission("forms", .read), ["forms"]), (Permission("forms", .write), ["forms"]),
            (Permission("forms", .submit), ["forms"]), (Permission("files", .read), ["files"]),
            (Permission("files", .write), ["files"]),
            // The files of a form's file fields, which its submissions name.
            (Permission("forms", .read), ["forms-uploaded-files"]),
            // The text of emails.
            (Permission("emails", .read), ["sales-email-read"]),
            // Custom objects' own areas, such as 2-1234567:read, are not known before the account is.
            (Permission("schemas", .read), ["crm.objects.custom.read"]),
            (Permission("schemas", .write), ["crm.objects.custom.write"]),
        ]
        return table
    }()

    private static func propertyScopes(_ right: String) -> [String] {
        let types = ObjectType.standard.map { ObjectType($0.name).name }
        let first = ["contacts", "companies", "deals", "tickets", "custom"]
        return (first + types.filter { !first.contains($0) }).map { "crm.schemas.\($0).\(right)" }
    }

    private static let byPermission = Dictionary(table) { first, _ in first }

    private static let byScope: [String: [Permission]] = {
        var opened: [String: [Permission]] = [:]
        for (permission, scopes) in table {
            for scope in scopes { opened[scope, default: []].append(permission) }
        }
        return opened
    }()
}
