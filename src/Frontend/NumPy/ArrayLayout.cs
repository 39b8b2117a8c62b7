using System.Text;

namespace BrainState.NumPy;

/// <summary>
/// Arranges the texts of an array's elements in nested brackets, as NumPy does with its default options: rows wrapped to
/// 75 columns, blank lines between blocks of rank two and more, and only three items at either end of an axis once the array
/// has more than a thousand elements.
/// </summary>
internal sealed class ArrayLayout
{
    private const int LineWidth = 75;
    private const int Threshold = 1000;
    private const int EdgeItems = 3;
    private const string Ellipsis = "...";

    private readonly int[] dims;
    private readonly bool summarised;

    /// <summary>A layout for an array of at least one axis and one element.</summary>
    public ArrayLayout(ReadOnlySpan<int> dims, long count)
    {
        this.dims = dims.ToArray();
        summarised = count > Threshold;
    }

    private int LastAxis => dims.Length - 1;

    /// <summary>Row-major positions of the elements that are shown, in the order in which they are shown.</summary>
    public List<long> VisibleElements()
    {
        List<long> positions = [0];
        foreach (var dim in dims)
        {
            var deeper = new List<long>();
            foreach (var position in positions)
                for (var i = 0; i < dim; i++)
                {
                    if (IsShortened(dim) && i == EdgeItems)
                        i = dim - EdgeItems;
                    deeper.Add(position * dim + i);
                }

            positions = deeper;
        }

        return positions;
    }

    /// <summary>The whole text; <paramref name="words"/> are the texts of <see cref="VisibleElements"/>.</summary>
    public string Compose(IReadOnlyList<string> words)
    {
        var text = new StringBuilder();
        var used = 0;
        Block(axis: 0);
        return text.ToString();

        void Block(int axis)
        {
            text.Append('[');
            if (axis == LastAxis)
                Row();
            else
                Rows(axis);
            text.Append(']');
        }

        void Rows(int axis)
        {
            for (var i = 0; i < VisibleItems(axis); i++)
            {
                if (i > 0)
                    NextLine(axis);
                if (i == EdgeItems && IsShortened(dims[axis]))
                {
                    text.Append(Ellipsis);
                    NextLine(axis);
                }

                Block(axis + 1);
            }
        }

        void NextLine(int axis) => text.Append('\n', LastAxis - axis).Append(' ', axis + 1);

        void Row()
        {
            // A row starts behind one bracket or blank per axis and leaves room for as many closing ones.
            var indent = dims.Length;
            var start = text.Length;
            for (var i = 0; i < VisibleItems(LastAxis); i++)
            {
                if (i == EdgeItems && IsShortened(dims[LastAxis]))
                    Add(Ellipsis);
                Add(words[used++]);
            }

            void Add(string word)
            {
                if (text.Length > start)
                    text.Append(' ');
                if (text.Length > start && indent + text.Length - start + word.Length > LineWidth - indent)
                {
                    while (text[^1] == ' ')
                        text.Length--;
                    text.Append('\n').Append(' ', indent);
                    start = text.Length;
                }

                text.Append(word);
            }
        }
    }

    private int VisibleItems(int axis) => IsShortened(dims[axis]) ? 2 * EdgeItems : dims[axis];

    private bool IsShortened(int dim) => summarised && dim > 2 * EdgeItems;
}
