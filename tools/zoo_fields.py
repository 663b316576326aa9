"""What neurons have learnt, as a picture: the weights of each from the pixels, as large as the picture it hears (docs/zoo.md). A part of tools/zoo.py."""
import sys


def fields(path, source="R", target="E", side=28):
    """The weights of an image's neurons in their order, each a panel; 1 is the largest weight of the image."""
    sys.path.insert(0, "python")
    import stoa

    weights = stoa.load(path).weight_matrix(source, target).astype(float)
    weights /= max(1, abs(weights).max())
    return [weights[:, n].reshape(side, side).tolist() for n in range(weights.shape[1])]


def picture(path, lines, zoom=2):
    """A line of panels for each of `lines`."""
    import sheet

    sheet.sheet(path, lines, zoom)
