using System.Text;
using AngleSharp.Dom;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Visits the nodes of a page.</summary>
internal static class ElementTree
{
    /// <summary>
    /// Visits a tree in document order without recursion: pages exist that nest deeper than a thread's stack. Children are
    /// taken by index because a node finds its next sibling by searching its parent.
    /// </summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="enter">
    /// Takes a node and the one that follows it under the same parent; true visits its children, and is for elements only.
    /// </param>
    /// <param name="leave">Takes an element whose children were visited.</param>
    public static void Walk(IElement root, Func<INode, INode?, bool> enter, Action<IElement> leave)
    {
        if (!enter(root, null)) return;
        Stack<(IElement Element, int Next)> path = new([(root, 0)]);
        while (path.TryPop(out (IElement Element, int Next) top))
        {
            INodeList children = top.Element.ChildNodes;
            if (top.Next == children.Length)
            {
                leave(top.Element);
                continue;
            }

            path.Push(top with { Next = top.Next + 1 });
            INode child = children[top.Next];
            if (enter(child, top.Next + 1 < children.Length ? children[top.Next + 1] : null)) path.Push(((IElement)child, 0));
        }
    }

    /// <summary>The words of an element, without its scripts and pictures; of a long one the beginning.</summary>
    public static string ShortText(IElement element)
    {
        const int MostNodes = 400, MostCharacters = 400;
        StringBuilder text = new();
        Stack<(IElement Element, int Next)> path = new([(element, 0)]);
        for (int nodes = 0; nodes < MostNodes && text.Length < MostCharacters && path.TryPop(out (IElement Element, int Next) top); nodes++)
        {
            if (top.Next == top.Element.ChildNodes.Length) continue;
            path.Push(top with { Next = top.Next + 1 });
            INode child = top.Element.ChildNodes[top.Next];
            if (child is IText data) text.Append(data.Data);
            if (child is IElement { LocalName: not ("script" or "style" or "svg" or "template") } inner) path.Push((inner, 0));
        }

        return DocumentBuilder.OneLine(text.ToString());
    }

    /// <summary>The first elements among a node's children.</summary>
    public static List<IElement> FirstElements(INode parent, int most)
    {
        List<IElement> elements = [];
        foreach (INode child in parent.ChildNodes)
        {
            if (child is IElement element) elements.Add(element);
            if (elements.Count == most) break;
        }

        return elements;
    }
}
