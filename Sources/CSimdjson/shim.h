// Linked, not imported: only C++ (CLuaBridge) includes <simdjson.h>.
