using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace StreamHub.Server.Processes.Linux;

/// <summary>
/// Starts a detached process with posix_spawn(3): its own session, empty stdin, output appended to a file, and default signal
/// dispositions (the .NET runtime ignores SIGPIPE, which would be inherited).
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class LinuxSpawn
{
    private const uint OwnerOnly = 0b110_000_000; // rw-------
    private const string Shell = "/bin/sh";

    /// <summary>errno(3): EIO, EAGAIN, ENOMEM, ENFILE, EMFILE, ENOSPC, EROFS, EDQUOT.</summary>
    private static readonly int[] Shortages = [5, 11, 12, 23, 24, 28, 30, 122];

    /// <summary>Variables that a shell sets by itself.</summary>
    private static readonly string[] ShellVariables = ["PWD", "OLDPWD", "SHLVL", "_"];

    /// <param name="group">The control group's file into which the process writes itself; null for none.</param>
    /// <exception cref="ProcessStartException">The process could not be started.</exception>
    public static int Start(ProcessStart start, string? group, RunIsolation? isolation)
    {
        if (start.Argv.Count == 0)
        {
            throw new ProcessStartException("No program is named.");
        }

        if (!Directory.Exists(start.WorkingDirectory))
        {
            throw new ProcessStartException($"The working directory {start.WorkingDirectory} does not exist.");
        }

        var program = Find(start.Argv[0], start.Environment);
        var environment = start.Environment
            .Where(variable => variable.Key != RunMark.Variable)
            .Select(variable => $"{variable.Key}={variable.Value}")
            .Append($"{RunMark.Variable}={start.Mark}");
        var argv = Strings(group is null ? start.Argv : [.. Entering(start, group), program, .. start.Argv.Skip(1)]);
        var envp = Strings(environment);
        var path = Marshal.StringToCoTaskMemUTF8(group is null ? program : Shell);

        // Opened before isolation: the run has no access to it.
        var output = LinuxNative.Open(start.OutputFile, LinuxNative.OpenAppend, OwnerOnly);
        try
        {
            Check(output < 0 ? Marshal.GetLastPInvokeError() : 0);
            var (error, pid) = (0, 0);
            void Begin() => error = Spawn((byte*)path, argv, envp, start.WorkingDirectory, output, out pid);
            if (isolation is null)
            {
                Begin();
            }
            else
            {
                isolation.Start(start.Endpoint?.Port, Begin);
            }

            return error == 0
                ? pid
                : throw new ProcessStartException($"{program} could not be started: {Marshal.GetPInvokeErrorMessage(error)}.") { IsShortage = Shortages.Contains(error) };
        }
        finally
        {
            if (output >= 0)
            {
                LinuxNative.Close(output);
            }

            Marshal.FreeCoTaskMem(path);
            Free(argv);
            Free(envp);
        }
    }

    /// <summary>
    /// A shell that enters the group and then executes the program: posix_spawn supports this only since glibc 2.39, and a
    /// process that is moved later may already have forked. A failure to enter the group does not prevent the start.
    /// </summary>
    private static string[] Entering(ProcessStart start, string group)
    {
        var foreign = string.Join(' ', ShellVariables.Where(name => !start.Environment.ContainsKey(name)));
        return ["sh", "-c", $"{{ echo 0 >\"$0\"; }} 2>/dev/null; unset {foreign}; exec \"$@\"", group];
    }

    private static int Spawn(byte* path, byte** argv, byte** envp, string workingDirectory, int output, out int pid)
    {
        var actions = stackalloc byte[LinuxNative.SpawnStructSize];
        var attributes = stackalloc byte[LinuxNative.SpawnStructSize];
        var signals = stackalloc byte[LinuxNative.SignalSetSize];
        Check(LinuxNative.InitActions(actions));
        Check(LinuxNative.InitAttributes(attributes));
        try
        {
            Check(LinuxNative.AddOpen(actions, 0, "/dev/null", LinuxNative.OpenReadOnly, 0));
            Check(LinuxNative.AddDuplicate(actions, output, 1));
            Check(LinuxNative.AddDuplicate(actions, output, 2));
            Check(LinuxNative.AddChangeDirectory(actions, workingDirectory));
            LinuxNative.FillSignals(signals);
            Check(LinuxNative.SetSignalDefaults(attributes, signals));
            LinuxNative.EmptySignals(signals);
            Check(LinuxNative.SetSignalMask(attributes, signals));
            Check(LinuxNative.SetFlags(
                attributes, LinuxNative.SpawnSetSession | LinuxNative.SpawnSetSignalDefaults | LinuxNative.SpawnSetSignalMask));
            return LinuxNative.Spawn(out pid, path, actions, attributes, argv, envp);
        }
        finally
        {
            LinuxNative.DestroyAttributes(attributes);
            LinuxNative.DestroyActions(actions);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new ProcessStartException($"The start could not be prepared: {Marshal.GetPInvokeErrorMessage(error)}.") { IsShortage = true };
        }
    }

    private static string Find(string program, IReadOnlyDictionary<string, string> environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutable(program) ? program : throw new ProcessStartException(
                File.Exists(program) ? $"{program} is not executable." : $"{program} does not exist.");
        }

        var folders = environment.TryGetValue("PATH", out var value) ? value : "/usr/local/bin:/usr/bin:/bin";
        return folders.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable)
            ?? throw new ProcessStartException($"There is no program '{program}' in {folders}.");
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;

    private static byte** Strings(IEnumerable<string> texts)
    {
        var list = texts.Select(text => text.Contains('\0', StringComparison.Ordinal)
            ? throw new ProcessStartException("An argument or a variable holds a NUL character.")
            : Encoding.UTF8.GetBytes(text)).ToArray();
        var array = (byte**)NativeMemory.AllocZeroed((nuint)list.Length + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < list.Length; i++)
        {
            array[i] = (byte*)NativeMemory.AllocZeroed((nuint)list[i].Length + 1);
            list[i].CopyTo(new Span<byte>(array[i], list[i].Length));
        }

        return array;
    }

    private static void Free(byte** strings)
    {
        for (var text = strings; *text is not null; text++)
        {
            NativeMemory.Free(*text);
        }

        NativeMemory.Free(strings);
    }
}
