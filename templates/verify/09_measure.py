# ---------------------------------------------------------------------------------------------- comparing

def rms(a):
    a = np.asarray(a, np.float64)
    return float(np.sqrt(np.mean(np.square(a[np.isfinite(a)])))) if np.isfinite(a).any() else 0.0


def largest(a, b):
    with np.errstate(invalid="ignore"):
        d = np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64))
    return float(np.nanmax(d)) if d.size and not np.isnan(d).all() else 0.0


def is_near(a, b):
    return a.shape == b.shape and largest(a, b) <= 1e-4 * (rms(a) + 1e-30)


class Gap:
    """The difference between two arrays that should be one, gathered over several inputs."""

    def __init__(self):
        self.max, self.sum, self.count, self.scale, self.rounding = 0.0, 0.0, 0, 0.0, 0.0
        self.strange = False            # a NaN or an infinity on one side only
        self.whole = False              # integers: they are equal or not

    def add(self, s, p, exact=None):
        s, p = np.asarray(s), np.asarray(p)
        if s.dtype.kind in "biu" and p.dtype.kind in "biu":
            self.whole = True
        s, p = s.astype(np.float64), p.astype(np.float64)
        same = (s == p) | (np.isnan(s) & np.isnan(p))
        with np.errstate(invalid="ignore"):
            d = np.where(same, 0.0, np.abs(s - p))
        self.strange = self.strange or not np.isfinite(d).all()
        d = d[np.isfinite(d)]
        if d.size:
            self.max = max(self.max, float(d.max()))
            self.sum, self.count = self.sum + float(d.sum()), self.count + d.size
        self.scale = max(self.scale, rms(s))
        if exact is not None and exact.shape == s.shape:
            self.rounding = max(self.rounding, largest(s, exact))

    def mean(self):
        return self.sum / self.count if self.count else 0.0

    def allowed(self, tolerance):
        return max(tolerance * self.scale, ROUNDINGS * self.rounding)

    def equal(self, tolerance):
        if self.whole:                  # an argmax may fall to the other side of a tie
            return self.mean() == 0.0 or self.rounding > 0
        return not self.strange and self.max <= self.allowed(tolerance)


def arranged(s, p, perm, guesses):
    """The source's array in the port's order of axes: the known one, else that of `guesses` that fits best."""
    if perm is not None and len(perm) == s.ndim:
        return np.transpose(s, perm)
    if s.shape == p.shape and s.ndim <= 2:
        return s
    fits = [np.transpose(s, g) for g in [list(range(s.ndim))] + guesses if len(g) == s.ndim]
    fits = [a for a in fits if a.shape == p.shape]
    return min(fits, key=lambda a: largest(a, p)) if fits else s


def layout_guesses(same_framework):
    if same_framework:
        return []
    return [[0, 2, 1], [1, 0, 2], [0, 2, 3, 1], [0, 3, 1, 2], [0, 2, 3, 4, 1], [0, 4, 1, 2, 3]]
