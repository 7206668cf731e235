using System.Buffers.Binary;
using System.Text;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Runs the pickle program of a state dict. It can build numbers, texts, tuples, lists, dictionaries and descriptions of tensors;
/// the only names it follows are those of <see cref="KnownNames"/>. Any other name or instruction ends the reading, so no code in a file
/// ever runs.
/// </summary>
/// <remarks>Source: Python's <c>pickletools.py</c> for the instructions, torch's <c>_weights_only_unpickler.py</c> for the idea.</remarks>
internal sealed class TensorUnpickler
{
    private const string OrderedDict = "collections.OrderedDict";
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";

    private static readonly Dictionary<string, NumberType> StorageTypes = new()
    {
        ["torch.DoubleStorage"] = NumberType.F64,
        ["torch.FloatStorage"] = NumberType.F32,
        ["torch.HalfStorage"] = NumberType.F16,
        ["torch.BFloat16Storage"] = NumberType.BF16,
        ["torch.LongStorage"] = NumberType.I64,
        ["torch.IntStorage"] = NumberType.I32,
        ["torch.ShortStorage"] = NumberType.I16,
        ["torch.CharStorage"] = NumberType.I8,
        ["torch.ByteStorage"] = NumberType.U8,
        ["torch.BoolStorage"] = NumberType.Bool,
    };

    private static readonly HashSet<string> KnownNames = [OrderedDict, RebuildTensor, RebuildParameter, .. StorageTypes.Keys];

    private readonly byte[] _program;
    private readonly string _path;
    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;

    private TensorUnpickler(byte[] program, string path)
    {
        _program = program;
        _path = path;
    }

    /// <summary>Reads the tensors that a pickle program describes, by name, in the program's order.</summary>
    /// <param name="program">The bytes of <c>data.pkl</c>.</param>
    /// <param name="path">The file they come from, for messages.</param>
    /// <exception cref="GenQException">The program is broken, or makes anything but a dictionary of tensors.</exception>
    internal static IReadOnlyList<KeyValuePair<string, PickledTensor>> Run(byte[] program, string path)
    {
        TensorUnpickler unpickler = new(program, path);
        if (unpickler.Run() is not List<KeyValuePair<object?, object?>> dictionary)
            throw unpickler.Refused("something else than a dictionary of tensors");
        List<KeyValuePair<string, PickledTensor>> tensors = [];
        foreach ((object? key, object? value) in dictionary)
        {
            if (key is not string name) throw unpickler.Refused($"an entry named by {Describe(key)} instead of a text");
            if (value is not PickledTensor tensor) throw unpickler.Refused($"{Describe(value)} named '{name}'");
            tensors.Add(new(name, tensor));
        }

        return tensors;
    }

    private object? Run()
    {
        while (true)
        {
            byte instruction = Take(1)[0];
            if (_stack.Count > InputLimits.PickleObjects) throw Broken($"its pickle program puts more than {InputLimits.PickleObjects:N0} objects on its stack");
            switch ((char)instruction)
            {
                case '\x80': // PROTO
                    if (Take(1)[0] is var version and not (>= 2 and <= 5))
                        throw Broken($"its pickle protocol is {version}, expected 2 to 5");
                    break;
                case '\x95': // FRAME
                    Take(8);
                    break;
                case '.': // STOP
                    return Pop();
                case '(': // MARK
                    _stack.Push(Mark.Instance);
                    break;

                case 'N': // NONE
                    _stack.Push(null);
                    break;
                case '\x88': // NEWTRUE
                    _stack.Push(true);
                    break;
                case '\x89': // NEWFALSE
                    _stack.Push(false);
                    break;
                case 'J': // BININT
                    _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                    break;
                case 'K': // BININT1
                    _stack.Push((long)Take(1)[0]);
                    break;
                case 'M': // BININT2
                    _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                    break;
                case '\x8a': // LONG1
                    _stack.Push(TakeLong());
                    break;
                case 'G': // BINFLOAT
                    _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                    break;
                case 'X': // BINUNICODE
                    _stack.Push(TakeText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                    break;
                case '\x8c': // SHORT_BINUNICODE
                    _stack.Push(TakeText(Take(1)[0]));
                    break;

                case ')': // EMPTY_TUPLE
                    _stack.Push(Array.Empty<object?>());
                    break;
                case '\x85': // TUPLE1
                    _stack.Push(PopMany(1));
                    break;
                case '\x86': // TUPLE2
                    _stack.Push(PopMany(2));
                    break;
                case '\x87': // TUPLE3
                    _stack.Push(PopMany(3));
                    break;
                case 't': // TUPLE
                    _stack.Push(PopToMark());
                    break;
                case ']': // EMPTY_LIST
                    _stack.Push(new List<object?>());
                    break;
                case 'a': // APPEND
                    AddToList(PopMany(1));
                    break;
                case 'e': // APPENDS
                    AddToList(PopToMark());
                    break;
                case '}': // EMPTY_DICT
                    _stack.Push(new List<KeyValuePair<object?, object?>>());
                    break;
                case 's': // SETITEM
                    AddToDictionary(PopMany(2));
                    break;
                case 'u': // SETITEMS
                    AddToDictionary(PopToMark());
                    break;

                case 'q': // BINPUT
                    _memo[Take(1)[0]] = Peek();
                    break;
                case 'r': // LONG_BINPUT
                    _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek();
                    break;
                case '\x94': // MEMOIZE
                    _memo[_memo.Count] = Peek();
                    break;
                case 'h': // BINGET
                    _stack.Push(Recall(Take(1)[0]));
                    break;
                case 'j': // LONG_BINGET
                    _stack.Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                    break;

                case 'c': // GLOBAL
                    _stack.Push(Follow(TakeLine(), TakeLine()));
                    break;
                case '\x93': // STACK_GLOBAL
                    object?[] names = PopMany(2);
                    _stack.Push(Follow(As<string>(names[0]), As<string>(names[1])));
                    break;
                case 'R': // REDUCE
                    object?[] call = PopMany(2);
                    _stack.Push(Call(As<Name>(call[0]), As<object?[]>(call[1])));
                    break;
                case 'Q': // BINPERSID
                    _stack.Push(FindStorage(As<object?[]>(Pop())));
                    break;
                case 'b': // BUILD
                    // The attributes of an OrderedDict are torch's module versions: nothing a network needs.
                    Pop();
                    As<List<KeyValuePair<object?, object?>>>(Peek());
                    break;
                default:
                    throw Refused($"the pickle instruction 0x{instruction:x2}");
            }
        }
    }

    private Name Follow(string module, string name)
    {
        string full = $"{module}.{name}";
        return KnownNames.Contains(full) ? new Name(full) : throw Refused($"'{full}'");
    }

    private object Call(Name callee, object?[] arguments)
    {
        switch (callee.Full)
        {
            case OrderedDict when arguments.Length == 0:
                return new List<KeyValuePair<object?, object?>>();
            case RebuildParameter when arguments.Length >= 1:
                return As<PickledTensor>(arguments[0]);
            case RebuildTensor when arguments.Length >= 4: // storage, offset, shape, strides, then what training needs
                PickledTensor tensor = new(
                    As<PickledStorage>(arguments[0]), As<long>(arguments[1]), AsLongs(arguments[2]), AsLongs(arguments[3]));
                bool isNegative = tensor.Shape.Concat(tensor.Strides).Append(tensor.Offset).Any(n => n < 0);
                if (isNegative || tensor.Shape.Length != tensor.Strides.Length)
                    throw Broken("a tensor has a negative size, or not as many strides as sizes");
                return tensor;
            default:
                throw Refused($"a call of '{callee.Full}' with {arguments.Length} arguments");
        }
    }

    // ("storage", type, key, device, number of elements)
    private PickledStorage FindStorage(object?[] id)
    {
        if (id.Length < 5 || id[0] is not "storage") throw Refused("a reference to something else than a storage");
        string type = As<Name>(id[1]).Full;
        if (!StorageTypes.TryGetValue(type, out NumberType scalar)) throw Broken($"'{type}' is no storage type");
        long count = As<long>(id[4]);
        return count >= 0 ? new PickledStorage(As<string>(id[2]), scalar, count) : throw Broken("a storage has a negative size");
    }

    private void AddToList(object?[] items) => As<List<object?>>(Peek()).AddRange(items);

    private void AddToDictionary(object?[] keysAndValues)
    {
        if (keysAndValues.Length % 2 != 0) throw Broken("a dictionary has a key without a value");
        List<KeyValuePair<object?, object?>> dictionary = As<List<KeyValuePair<object?, object?>>>(Peek());
        for (int i = 0; i < keysAndValues.Length; i += 2) dictionary.Add(new(keysAndValues[i], keysAndValues[i + 1]));
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > _program.Length - _position) throw Broken("its pickle program ends early");
        _position += (int)count;
        return _program.AsSpan(_position - (int)count, (int)count);
    }

    private string TakeText(long count) => Encoding.UTF8.GetString(Take(count));

    private string TakeLine()
    {
        int length = _program.AsSpan(_position).IndexOf((byte)'\n');
        if (length < 0) throw Broken("its pickle program ends early");
        string line = TakeText(length);
        Take(1);
        return line;
    }

    private long TakeLong()
    {
        ReadOnlySpan<byte> bytes = Take(Take(1)[0]);
        if (bytes.Length > 8) throw Broken("a number has more than 64 bits");
        long value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        return value;
    }

    private object? Peek() => _stack.TryPeek(out object? top) ? top : throw Broken("its pickle program takes more than it has put");

    private object? Pop() => _stack.TryPop(out object? top) ? top : throw Broken("its pickle program takes more than it has put");

    private object?[] PopMany(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--) items[i] = Pop();
        return items;
    }

    private object?[] PopToMark()
    {
        List<object?> items = [];
        for (object? item = Pop(); item != (object)Mark.Instance; item = Pop()) items.Add(item);
        items.Reverse();
        return [.. items];
    }

    private object? Recall(long key) => _memo.TryGetValue(key, out object? item) ? item : throw Broken("it recalls what it has not stored");

    private T As<T>(object? item) => item is T value ? value : throw Refused($"{Describe(item)} where {typeof(T).Name} belongs");

    private long[] AsLongs(object? item) => [.. As<object?[]>(item).Select(As<long>)];

    private static string Describe(object? item) => item switch
    {
        null => "None",
        string => "a text",
        long or double or bool => "a number",
        List<KeyValuePair<object?, object?>> => "a dictionary",
        List<object?> or object?[] => "a list",
        Name name => $"'{name.Full}'",
        PickledTensor => "a tensor",
        _ => "a storage",
    };

    private GenQException Refused(string what) => new(
        $"'{_path}' holds {what}; only named tensors are read, because anything else in a .bin file could run code. " +
        "Use the model's model.safetensors, or save its state_dict() alone.");

    private GenQException Broken(string what) => new($"'{_path}' is not a valid torch file: {what}. Get the file anew.");

    private sealed record Name(string Full);

    private sealed class Mark
    {
        internal static readonly Mark Instance = new();
    }
}
