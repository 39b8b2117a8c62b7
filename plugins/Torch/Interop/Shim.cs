using System.Reflection;
using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.Torch.Interop;

/// <summary>The C interface of <c>native/brainstate_torch.h</c>, which documents it.</summary>
internal static unsafe partial class Shim
{
    private const string Library = "brainstate_torch";
    private static nint handle;

    static Shim() => NativeLibrary.SetDllImportResolver(typeof(Shim).Assembly, static (name, _, _) => name == Library ? handle : 0);

    public static string Description => Text(bs_description());

    public static string OpNames => Text(bs_op_names());

    /// <summary>Loads the shim; libtorch is loaded already.</summary>
    /// <exception cref="BackendException">It does not fit the libtorch that is there.</exception>
    public static void Load(string path)
    {
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException failure)
        {
            throw new BackendException($"{path} cannot be loaded: {failure.Message.TrimEnd()} Build the plugin again, against the libtorch that is here: dotnet build plugins/Torch", failure);
        }
    }

    /// <summary>The exception for a status that is not <see cref="Status.Ok"/>; to be called on the thread that got it.</summary>
    /// <param name="status">The status.</param>
    /// <param name="where">The device, for the message.</param>
    /// <param name="cancellation">What canceled the call, if something could.</param>
    public static void Check(Status status, string where, CancellationToken cancellation = default)
    {
        if (status == Status.Ok) return;
        throw status switch
        {
            Status.OutOfMemory => new DeviceOutOfMemoryException(where, bs_error_bytes()),
            Status.Canceled => new OperationCanceledException(cancellation),
            _ => new BackendException(Text(bs_error())),
        };
    }

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    [LibraryImport(Library)]
    public static partial byte* bs_error();

    [LibraryImport(Library)]
    public static partial long bs_error_bytes();

    [LibraryImport(Library)]
    public static partial Status bs_initialize(int threads);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Status bs_join(string meeting, int rank, int size, long timeoutSeconds);

    [LibraryImport(Library)]
    public static partial byte* bs_description();

    [LibraryImport(Library)]
    public static partial byte* bs_op_names();

    [LibraryImport(Library)]
    public static partial int bs_device_count(DeviceKind kind);

    [LibraryImport(Library)]
    public static partial byte* bs_device_description(DeviceKind kind, int index);

    [LibraryImport(Library)]
    public static partial Status bs_device_memory(DeviceKind kind, int index, out long inUse, out long reserved);

    [LibraryImport(Library)]
    public static partial Status bs_synchronize(DeviceKind kind, int index);

    [LibraryImport(Library)]
    public static partial Status bs_buffer_from_host(
        void* data, long bytes, DeviceKind kind, int index, delegate* unmanaged<void*, void> release, void* context, out nint result);

    [LibraryImport(Library)]
    public static partial Status bs_buffer_to_host(nint buffer, void* destination, long bytes);

    [LibraryImport(Library)]
    public static partial void bs_buffer_release(nint buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Status bs_load_graphs(string path);

    [LibraryImport(Library)]
    public static partial Status bs_load(long* words, long count, int* given, int givenCount, DeviceKind kind, int index, int runsBeforeCapture, out nint result);

    [LibraryImport(Library)]
    public static partial void bs_replaced(nint program, int* arguments);

    [LibraryImport(Library)]
    public static partial Status bs_run(nint program, nint* arguments, nint* results, int* cancel);

    [LibraryImport(Library)]
    public static partial long bs_temporary_bytes(nint program);

    [LibraryImport(Library)]
    public static partial byte* bs_graph_state(nint program);

    [LibraryImport(Library)]
    public static partial void bs_unload(nint program);
}

/// <summary>How a call ended.</summary>
internal enum Status
{
    Ok,
    Error,
    OutOfMemory,
    Canceled,
}

/// <summary>Kinds of devices.</summary>
internal enum DeviceKind
{
    Cpu,
    Cuda,
}
