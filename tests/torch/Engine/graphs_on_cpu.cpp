// Graphs on cpu, for tests: what is to be captured is kept as a call, and a replay calls it again. FAILS makes every capture fail.
#include <string>

#include "graphs/graphs.h"

struct bs_graph {
    bs_record record;
    void* context;
};

bs_device_kind bs_graph_device_kind(void) { return BS_CPU; }

const char* bs_graph_error(void) { return "it fails\nas it should"; }

bs_status bs_graph_capture(int32_t, bs_record record, void* context, bs_graph** result) {
#if defined(FAILS)
    return BS_ERROR;
#endif
    if (record(context) != 0 || record(context) != 0) return BS_ERROR;
    *result = new bs_graph{record, context};
    return BS_OK;
}

bs_status bs_graph_replay(bs_graph* graph) { return graph->record(graph->context) == 0 ? BS_OK : BS_ERROR; }

void bs_graph_destroy(bs_graph* graph) { delete graph; }

void* bs_graph_stream(int32_t) { return nullptr; }
