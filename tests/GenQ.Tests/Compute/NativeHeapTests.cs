using System.Runtime.InteropServices;
using GenQ.Models;

namespace GenQ.Tests.Compute;

public sealed unsafe partial class NativeHeapTests
{
    private const int Blocks = 400, Size = 64 * 1024, Page = 4096, Kept = 8;

    [Fact]
    public void Free_pages_between_blocks_in_use_are_given_back_and_the_blocks_keep_what_they_hold()
    {
        nint[] blocks = [.. Enumerable.Range(0, Blocks).Select(_ => (nint)NativeMemory.Alloc(Size))];
        foreach ((int i, nint block) in blocks.Index()) new Span<byte>((void*)block, Size).Fill((byte)i);
        int[] freed = [.. Enumerable.Range(0, Blocks).Where(i => i % Kept != 0)], kept = [.. Enumerable.Range(0, Blocks).Except(freed)];
        foreach (int i in freed) NativeMemory.Free((void*)blocks[i]);
        Assert.SkipUnless(NativeHeap.GiveBack(), "Only glibc gives pages back.");
        Assert.True(freed.Count(i => IsThere(blocks[i] + Size / 2)) < freed.Length / 2);
        foreach (int i in kept)
        {
            Assert.False(new ReadOnlySpan<byte>((void*)blocks[i], Size).ContainsAnyExcept((byte)i));
            NativeMemory.Free((void*)blocks[i]);
        }
    }

    // Asks the system, without touching the page, whether there is memory behind an address.
    private static bool IsThere(nint address)
    {
        byte there = 0;
        return MinCore(address / Page * Page, Page, &there) == 0 && (there & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int MinCore(nint address, nuint length, byte* there);
}
