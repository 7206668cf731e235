using System.Runtime.InteropServices;
using GenQ.Compute;

namespace GenQ.Tests.Compute;

[Collection(TorchRandomCollection.Name)]
public sealed unsafe partial class NativeHeapTests
{
    private const int Blocks = 400, Size = 64 * 1024, Page = 4096, Kept = 8, LargeBlocks = 100, Measured = 8;

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

    [Fact]
    public void Large_blocks_go_back_when_they_are_freed_only_while_that_is_asked_for()
    {
        Assert.SkipUnless(NativeHeap.KeepFreed(), "Only glibc can be told.");
        using (NativeHeap.GiveLargeBlocksBack()) Assert.InRange(ThereOnceFreed(), 0, Measured / 2);
        Assert.InRange(ThereOnceFreed(), Measured / 2 + 1, Measured);
    }

    // How many of the last large blocks still have memory behind them once they are freed. Those before take the room that other tests have left free in
    // the heap, where a block goes whatever its size. They are freed afterwards: gigabytes that are free at the heap's end go back in any case.
    private static int ThereOnceFreed()
    {
        const int Large = 48 << 20;
        byte*[] blocks = new byte*[LargeBlocks];
        for (int i = 0; i < LargeBlocks; i++) blocks[i] = (byte*)NativeMemory.Alloc(Large);
        for (int i = LargeBlocks - Measured; i < LargeBlocks; i++) blocks[i][Large / 2] = 1;
        for (int i = LargeBlocks - 1; i >= LargeBlocks - Measured; i--) NativeMemory.Free(blocks[i]);

        // Several, as another thread may take a freed block's addresses at once.
        int there = 0;
        for (int i = LargeBlocks - Measured; i < LargeBlocks; i++) there += IsThere((nint)blocks[i] + Large / 2) ? 1 : 0;
        for (int i = 0; i < LargeBlocks - Measured; i++) NativeMemory.Free(blocks[i]);
        return there;
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
