// The C interface of the shim: everything that the .NET side calls.
#pragma once

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

#define BS_API __attribute__((visibility("default")))

typedef enum { BS_OK = 0, BS_ERROR = 1, BS_OUT_OF_MEMORY = 2, BS_CANCELED = 3 } bs_status;

// Kinds of devices, numbered as c10::DeviceType numbers them.
typedef enum { BS_CPU = 0, BS_CUDA = 1 } bs_device_kind;

typedef struct bs_buffer bs_buffer;      // counted memory on a device
typedef struct bs_program bs_program;    // a planned program
typedef void (*bs_release)(void* context);

// What the last failed call on this thread had to say; valid until the next failure on it.
BS_API const char* bs_error(void);
// For an allocation that failed: its bytes.
BS_API int64_t bs_error_bytes(void);

// To be called once, before everything else. Threads ≤ 0 means all processors.
BS_API bs_status bs_initialize(int32_t threads);
// Makes this process one of several that run the same programs, and waits for the others: they meet at a file, or at tcp://HOST:PORT, where rank 0 listens.
// To be called once, before the first program.
BS_API bs_status bs_join(const char* meeting, int32_t rank, int32_t size, int64_t timeout_seconds);
// Lines "key=value": version, threads, cpu capability, cuda version.
BS_API const char* bs_description(void);
// Names of the ops that a program may contain, separated by spaces.
BS_API const char* bs_op_names(void);
BS_API int32_t bs_device_count(int32_t kind);
// The name of a device's model; valid until the next call on this thread.
BS_API const char* bs_device_description(int32_t kind, int32_t index);
// Bytes of a device in use by the shim, and these with what it keeps for reuse; on cuda that is libtorch's allocator, whose part is not counted.
BS_API bs_status bs_device_memory(int32_t kind, int32_t index, int64_t* in_use, int64_t* reserved);
BS_API bs_status bs_synchronize(int32_t kind, int32_t index);

// Takes memory of the host over: on cpu it is read where it lies until the buffer goes, elsewhere it is copied. Release is called once, in both cases also on failure.
BS_API bs_status bs_buffer_from_host(void* data, int64_t bytes, int32_t kind, int32_t index, bs_release release, void* context, bs_buffer** result);
BS_API bs_status bs_buffer_to_host(bs_buffer* buffer, void* destination, int64_t bytes);
BS_API void bs_buffer_retain(bs_buffer* buffer);
BS_API void bs_buffer_release(bs_buffer* buffer);

// Loads a library that captures runs into graphs (graphs/graphs.h), for all programs that are loaded afterwards.
BS_API bs_status bs_load_graphs(const char* path);

// Reads an instruction list (program/reader.h) and plans it. Given are arguments that runs give up, so that results may be written over them. What can be captured into a graph is, after so
// many runs; never if they are negative.
BS_API bs_status bs_load(const int64_t* words, int64_t count, const int32_t* given, int32_t given_count, int32_t kind, int32_t index, int32_t runs_before_capture, bs_program** result);
// For each result the argument that it may be written over, or −1.
BS_API void bs_replaced(bs_program* program, int32_t* arguments);
// Runs a program. A result is written over the argument that it is before the call, which must be the one that bs_replaced names, or to a new buffer if it is null before; the caller gets a
// reference to it either way. A run that fails leaves all arguments as they were. May be called from many threads. A non-zero *cancel stops loops between steps.
BS_API bs_status bs_run(bs_program* program, bs_buffer* const* arguments, bs_buffer** results, const volatile int32_t* cancel);
// Memory for intermediate values of one run, and for its arguments and results where it will be a graph.
BS_API int64_t bs_temporary_bytes(bs_program* program);
// Whether a program runs as a graph: off, never and why, waiting, captured, or failed and why. Valid until the next call on this thread.
BS_API const char* bs_graph_state(bs_program* program);
BS_API void bs_unload(bs_program* program);

#if defined(__cplusplus)
}
#endif
