package import HTTPTypes
import WebForms

/// The files of the page.
enum PageFiles {
    struct File: Sendable {
        var contentType: String
        var bytes: [UInt8]
    }

    static var page: File { File(contentType: "text/html;charset=utf-8", bytes: PackageResources.workbench_html) }

    static func file(_ name: String) -> File? {
        let script = "text/javascript;charset=utf-8"
        return switch name {
        case "base.css": File(contentType: "text/css;charset=utf-8", bytes: PackageResources.base_css)
        case "workbench.css": File(contentType: "text/css;charset=utf-8", bytes: PackageResources.workbench_css)
        case "workbench.js": File(contentType: script, bytes: PackageResources.workbench_js)
        case "dom.js": File(contentType: script, bytes: PackageResources.dom_js)
        case "fields.js": File(contentType: script, bytes: PackageResources.fields_js)
        case "panels.js": File(contentType: script, bytes: PackageResources.panels_js)
        case "log.js": File(contentType: script, bytes: PackageResources.log_js)
        case "form-script.js": File(contentType: script, bytes: Array(FormScript.module.utf8))
        case "icon.svg": File(contentType: "image/svg+xml", bytes: PackageResources.icon_svg)
        default: nil
        }
    }

    /// Sent with the page and all that belongs to it. Nothing inline and nothing foreign is run, drawn or asked; no text
    /// becomes markup; no other site frames, reads or keeps it.
    static let headers: [HeaderLine] = [
        HeaderLine(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types 'none'"),
        HeaderLine("X-Content-Type-Options", "nosniff"), HeaderLine("Referrer-Policy", "no-referrer"),
        HeaderLine("Cross-Origin-Opener-Policy", "same-origin"),
        HeaderLine("Cross-Origin-Resource-Policy", "same-origin"), HeaderLine("Cache-Control", "no-store"),
    ]
}

extension WorkbenchAddress {
    /// The style that all pages of ours begin with.
    package static var baseStyle: [UInt8] { PackageResources.base_css }

    /// Sent with a page of ours, also one that is not the workbench's.
    package static var pageHeaders: [HeaderLine] { PageFiles.headers }

    /// Whether a request comes from a page of this very server, or from no browser.
    package func isOwnPage(host: String?, _ headers: HTTPFields) -> Bool {
        RequestGuard(hosts: hosts).refusal(of: .init(host: host, headers), for: .part) == nil
    }
}
