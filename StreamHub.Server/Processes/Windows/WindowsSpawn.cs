using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// Starts a detached process with CreateProcessW: in its job from its first instruction, with its own hidden console, empty
/// stdin, output appended to a file, and without other handles of the hub. It has no process group of its own, because that
/// would disable Ctrl+C.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsSpawn
{
    private const uint Flags = WindowsNative.CreateNoWindow | WindowsNative.CreateUnicodeEnvironment | WindowsNative.ExtendedStartupInfoPresent;

    /// <summary>System error codes: TOO_MANY_OPEN_FILES, NOT_ENOUGH_MEMORY, OUTOFMEMORY, WRITE_PROTECT, HANDLE_DISK_FULL, DISK_FULL, NO_SYSTEM_RESOURCES, COMMITMENT_LIMIT.</summary>
    private static readonly int[] Shortages = [4, 8, 14, 19, 39, 112, 1450, 1455];

    /// <summary>Starts the process; returns its id and a handle, which the caller owns.</summary>
    /// <exception cref="ProcessStartException">The process could not be started.</exception>
    public static (int Pid, SafeProcessHandle Process) Start(ProcessStart start, WindowsJob job)
    {
        if (start.Argv.Count == 0)
        {
            throw new ProcessStartException("No program is named.");
        }

        if (!Directory.Exists(start.WorkingDirectory))
        {
            throw new ProcessStartException($"The working directory {start.WorkingDirectory} does not exist.");
        }

        var program = Find(start.Argv[0], start);
        var commandLine = WindowsCommandLine.Join([program, .. start.Argv.Skip(1)]);
        var environment = WindowsCommandLine.EnvironmentBlock(
            start.Environment.Append(KeyValuePair.Create(RunMark.Variable, start.Mark.ToString())));
        try
        {
            using var input = OpenInheritable("NUL", WindowsNative.GenericRead, WindowsNative.OpenExisting);

            // Append access only: every write goes to the end of the file, even after it was shortened.
            using var output = OpenInheritable(start.OutputFile, WindowsNative.FileAppendData | WindowsNative.Synchronize, WindowsNative.OpenAlways);
            using var jobName = job.InheritableHandle();
            return Create(program, commandLine, environment, start.WorkingDirectory, input, output, jobName, job);
        }
        catch (Win32Exception exception)
        {
            throw new ProcessStartException($"{program} could not be started: {exception.Message}", exception) { IsShortage = Shortages.Contains(exception.NativeErrorCode) };
        }
    }

    private static (int Pid, SafeProcessHandle Process) Create(
        string program, string commandLine, string environment, string directory,
        SafeFileHandle input, SafeFileHandle output, WindowsJob jobName, WindowsJob job)
    {
        // The handles stay open: the caller disposes of them after the process has inherited its own.
        var inherited = stackalloc nint[] { input.DangerousGetHandle(), output.DangerousGetHandle(), jobName.DangerousGetHandle() };
        var jobs = stackalloc nint[] { job.DangerousGetHandle() };
        nuint size = 0;
        WindowsNative.InitializeProcThreadAttributeList(null, 2, 0, ref size);
        var attributes = NativeMemory.Alloc(size);
        try
        {
            Check(WindowsNative.InitializeProcThreadAttributeList(attributes, 2, 0, ref size));
            try
            {
                Check(WindowsNative.UpdateProcThreadAttribute(attributes, 0, WindowsNative.AttributeHandleList, inherited, (nuint)(3 * sizeof(nint)), null, null));
                Check(WindowsNative.UpdateProcThreadAttribute(attributes, 0, WindowsNative.AttributeJobList, jobs, (nuint)sizeof(nint), null, null));
                var startup = new WindowsNative.StartupInfo
                {
                    Size = sizeof(WindowsNative.StartupInfo),
                    Flags = WindowsNative.UseStandardHandles,
                    StandardInput = inherited[0],
                    StandardOutput = inherited[1],
                    StandardError = inherited[1],
                    Attributes = attributes,
                };
                WindowsNative.ProcessInformation information;

                // CreateProcessW may write into the command line.
                var line = (commandLine + '\0').ToCharArray();
                fixed (char* programText = program, lineText = line, environmentText = environment, directoryText = directory)
                {
                    Check(WindowsNative.CreateProcess(
                        programText, lineText, null, null, inheritHandles: true, Flags, environmentText, directoryText, &startup, &information));
                }

                WindowsNative.CloseHandle(information.Thread);
                return (information.Pid, new SafeProcessHandle(information.Process, ownsHandle: true));
            }
            finally
            {
                WindowsNative.DeleteProcThreadAttributeList(attributes);
            }
        }
        finally
        {
            NativeMemory.Free(attributes);
        }
    }

    private static SafeFileHandle OpenInheritable(string file, uint access, uint disposition)
    {
        var security = new WindowsNative.SecurityAttributes { Size = sizeof(WindowsNative.SecurityAttributes), InheritHandle = 1 };
        var handle = WindowsNative.CreateFile(file, access, WindowsNative.ShareAll, &security, disposition, 0, 0);
        return handle.IsInvalid ? throw new Win32Exception() : handle;
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
        {
            throw new Win32Exception();
        }
    }

    private static string Find(string program, ProcessStart start)
    {
        if (program.AsSpan().IndexOfAny('\\', '/', ':') >= 0)
        {
            var path = Path.GetFullPath(program, start.WorkingDirectory);
            if (Path.GetExtension(path).ToUpperInvariant() is ".BAT" or ".CMD")
            {
                // cmd.exe parses arguments by different rules, and would execute commands that are injected in them.
                throw new ProcessStartException($"{program} is a batch file: name the program that it starts.");
            }

            return Names(path).FirstOrDefault(File.Exists) ?? throw new ProcessStartException($"{program} does not exist.");
        }

        var folders = start.Environment.FirstOrDefault(variable => variable.Key.Equals("PATH", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        return folders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(folder => Names(Path.Combine(folder.Trim('"'), program))).FirstOrDefault(File.Exists)
            ?? throw new ProcessStartException($"There is no program '{program}' (.exe) in {folders}.");
    }

    /// <summary>Candidate file names: the suffix of a versioned name such as python3.12 is not an extension.</summary>
    private static string[] Names(string path) =>
        Path.GetExtension(path).Equals(".exe", StringComparison.OrdinalIgnoreCase) ? [path] : [path + ".exe"];
}
