// JSON: one tree, one reader of slices, one writer.
//
// `JSONValue` is a small document as a tree; `JSONSlice` looks into a text without building one; `JSONWriter` makes text.
// This target knows no HubSpot: client and simulator both stand on it. Texts become Lua tables elsewhere, in CLuaBridge.
