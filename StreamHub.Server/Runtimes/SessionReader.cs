namespace StreamHub.Server.Runtimes;

/// <summary>
/// Reads what the messages of an app's WebSocket say about its use. Without knowledge of the app, each message of the client is an act of a
/// person. Messages arrive in pieces, those of the client and those of the app on different threads; compressed ones arrive empty.
/// </summary>
internal class SessionReader(Action onAct)
{
    /// <summary>Whether a script runs for a person, and whether one runs that nobody has asked for; raised at each change.</summary>
    public event Action<bool, bool>? Changed;

    /// <summary>A piece of a message of the client.</summary>
    /// <param name="isEnd">Whether it is the last one of its message.</param>
    public virtual void FromClient(ReadOnlySpan<byte> piece, bool isEnd)
    {
        if (isEnd)
        {
            onAct();
        }
    }

    /// <summary>A piece of a message of the app.</summary>
    /// <param name="isEnd">Whether it is the last one of its message.</param>
    public virtual void FromApp(ReadOnlySpan<byte> piece, bool isEnd)
    {
    }

    protected void Act() => onAct();

    protected void Change(bool isWorking, bool isUnattended) => Changed?.Invoke(isWorking, isUnattended);
}
