// The C interface between the shim and a library that captures what is launched on a device into graphs. Such a library stands apart because it needs CUDA's headers, which the shim does without.
#pragma once

#include "brainstate_torch.h"

#if defined(__cplusplus)
extern "C" {
#endif

typedef struct bs_graph bs_graph;               // work that was captured
typedef int32_t (*bs_record)(void* context);    // launches the work; 0 for success

// The kind of device that its graphs are for.
BS_API bs_device_kind bs_graph_device_kind(void);
// What the last failed call on this thread had to say.
BS_API const char* bs_graph_error(void);
// Calls record twice on a stream of its own: to run the work, so that all that libraries set up is there, and to capture it.
BS_API bs_status bs_graph_capture(int32_t device, bs_record record, void* context, bs_graph** result);
// Runs the work on the stream of this thread.
BS_API bs_status bs_graph_replay(bs_graph* graph);
BS_API void bs_graph_destroy(bs_graph* graph);
// The stream that this thread launches on.
BS_API void* bs_graph_stream(int32_t device);

#if defined(__cplusplus)
}
#endif
