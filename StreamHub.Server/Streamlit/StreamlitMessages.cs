using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Tells the acts of a person in a Streamlit session from what its page does by itself, and when a script runs (streamlit/proto: BackMsg.proto,
/// ClientState.proto, ForwardMsg.proto; the numbers are those of every version that has the fields).
/// </summary>
internal sealed class StreamlitMessages : SessionReader
{
    // BackMsg
    private const int RerunScript = 11;
    private const int LoadGitInfo = 12;
    private const int AppHeartbeat = 17;

    // ClientState
    private const int IsAutoRerun = 6;

    // ForwardMsg
    private const int NewSession = 4;
    private const int ScriptFinished = 6;
    private const ulong FinishedEarlyForRerun = 2;

    private readonly Lock gate = new();
    private readonly ProtobufScanner client;
    private readonly ProtobufScanner app;

    // Of the message under way.
    private bool isRerun;
    private bool isByItself;

    // A person's rerun whose script has not begun; whose script runs now; and whether a person's script goes on with its next run (st.rerun).
    private bool isAwaited;
    private bool? isForPerson;
    private bool goesOn;

    public StreamlitMessages(Action onAct)
        : base(onAct)
    {
        client = new ProtobufScanner(RerunScript, OnClientField);
        app = new ProtobufScanner(0, OnAppField);
    }

    public override void FromClient(ReadOnlySpan<byte> piece, bool isEnd)
    {
        client.Feed(piece);
        if (!isEnd)
        {
            return;
        }

        var (rerun, byItself) = (isRerun && !client.IsBroken, isByItself && !client.IsBroken);
        (isRerun, isByItself) = (false, false);
        client.Reset();
        if (byItself)
        {
            return;
        }

        if (rerun)
        {
            lock (gate)
            {
                isAwaited = true;
                Tell();
            }
        }

        Act();
    }

    public override void FromApp(ReadOnlySpan<byte> piece, bool isEnd)
    {
        app.Feed(piece);
        if (isEnd)
        {
            app.Reset();
        }
    }

    private void OnClientField(int field, int nested, ulong value)
    {
        isRerun |= field == RerunScript;
        isByItself |= (field, nested) is (RerunScript, IsAutoRerun) ? value != 0 : field is LoadGitInfo or AppHeartbeat;
    }

    private void OnAppField(int field, int nested, ulong value)
    {
        lock (gate)
        {
            if (field == NewSession)
            {
                (isForPerson, isAwaited, goesOn) = (isAwaited || goesOn, false, false);
            }
            else if (field == ScriptFinished)
            {
                (isForPerson, goesOn) = (null, isForPerson == true && value == FinishedEarlyForRerun);
            }
            else
            {
                return;
            }

            Tell();
        }
    }

    private void Tell() => Change(isAwaited || goesOn || isForPerson == true, isForPerson == false);
}
