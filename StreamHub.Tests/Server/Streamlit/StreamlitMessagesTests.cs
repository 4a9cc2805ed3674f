using System.Text;
using CsCheck;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What a person does in a Streamlit session, what its page does by itself, and for whom a script runs.</summary>
public sealed class StreamlitMessagesTests
{
    private static readonly byte[] NewSession = Message(4, Text(1, "a new session with a name"));
    private static readonly byte[] Delta = Message(5, Text(3, "text"));
    private static readonly byte[] Finished = Number(6, 0);
    private static readonly byte[] FinishedForRerun = Number(6, 2);
    private static readonly byte[] Rerun = Message(11, [.. Text(1, "a=1"), .. Message(2, new byte[300]), .. Text(3, "hash")]);
    private static readonly byte[] RerunByItself = Message(11, [.. Message(2, new byte[300]), .. Text(5, "fragment"), .. Number(6, 1), .. Text(7, "hash")]);

    private readonly StreamlitMessages session;
    private int acts;
    private (bool IsWorking, bool IsUnattended) state;

    public StreamlitMessagesTests()
    {
        session = new StreamlitMessages(() => acts++);
        session.Changed += (isWorking, isUnattended) => state = (isWorking, isUnattended);
    }

    public static TheoryData<string, byte[], bool> Messages => new()
    {
        { "a rerun", Rerun, true },
        { "a first run", Message(11, []), true },
        { "an automatic rerun", RerunByItself, false },
        { "not an automatic rerun", Message(11, [.. Text(5, "fragment"), .. Number(6, 0)]), true },
        { "a field of a widget with the same number", Message(11, [.. Message(2, Number(6, 1))]), true },
        { "a heartbeat", Number(17, 1), false },
        { "information on git", Number(12, 1), false },
        { "a stop", Number(7, 1), true },
        { "the cache", Number(5, 1), true },
        { "an upload", Message(16, Text(1, "request")), true },
        { "nothing", [], true },
        { "no message", Encoding.UTF8.GetBytes("{\"type\": \"rerun\"}"), true },
        { "a message that breaks off", Rerun[..20], true },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_the_page_does_by_itself_is_no_act(string what, byte[] message, bool isAct)
    {
        Send(message);
        acts.Should().Be(isAct ? 1 : 0, what);
    }

    [Fact]
    public void Messages_are_read_however_they_are_cut() =>
        Gen.Select(Gen.Shuffle(new List<byte[]> { Rerun, RerunByItself, Number(17, 1), RerunByItself, Rerun }), Gen.Int[1, 40].Array[1, 5]).Sample((messages, cuts) =>
        {
            var count = 0;
            var read = new StreamlitMessages(() => count++);
            var cut = 0;
            foreach (var message in messages)
            {
                for (var at = 0; at < message.Length;)
                {
                    var length = Math.Min(cuts[cut++ % cuts.Length], message.Length - at);
                    read.FromClient(message.AsSpan(at, length), isEnd: at + length == message.Length);
                    at += length;
                }
            }

            return count == 2;
        });

    [Fact]
    public void A_script_that_a_person_started_works_until_it_has_finished()
    {
        Send(Rerun);
        state.Should().Be((true, false), "it is about to begin");
        Show(NewSession, Delta);
        state.Should().Be((true, false));
        Show(Finished);
        state.Should().Be((false, false));
    }

    [Fact]
    public void A_script_that_runs_by_itself_works_for_nobody()
    {
        Send(RerunByItself);
        Show(NewSession);
        state.Should().Be((false, true));
        Show(Delta, Finished);
        state.Should().Be((false, false));
    }

    [Fact]
    public void A_script_of_another_rerun_does_not_end_the_wait_for_that_of_a_person()
    {
        Send(RerunByItself);
        Show(NewSession);
        Send(Rerun);
        Show(Finished);
        state.Should().Be((true, false));
        Show(NewSession, Finished);
        state.Should().Be((false, false));
    }

    [Fact]
    public void A_script_that_runs_itself_again_goes_on_for_the_person_who_started_it()
    {
        Send(Rerun);
        Show(NewSession, FinishedForRerun);
        state.Should().Be((true, false));
        Show(NewSession);
        state.Should().Be((true, false));
        Show(Finished, NewSession);
        state.Should().Be((false, true), "a run after the last one is nobody's");
    }

    private void Send(params byte[][] messages) => Array.ForEach(messages, message => session.FromClient(message, isEnd: true));

    private void Show(params byte[][] messages) => Array.ForEach(messages, message => session.FromApp(message, isEnd: true));

    private static byte[] Number(int field, byte value) => [.. Varint(field << 3), value];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
