"""Whose songs may be learned from: those of writers who are known to have died by 1955.

OpenEWLD declares its lead sheets public domain, which many songs of the twenties to forties are not in most
countries: there a work is free seventy years after the last of its writers died. So a song counts only where
everyone that its file names stands below; whoever is not there lived longer (Rodgers, Hammerstein, Ira
Gershwin, Harry Warren) or was not looked up. Years are those of common encyclopaedias, from memory.
"""

from __future__ import annotations

import re

LAST_YEAR = 1955

_NAMED = re.compile(r"dataset__(?P<writers>.+?)__")
_BETWEEN = re.compile(r"(?<=[\w.\]\)])-(?=[\[A-ZÅÄÖÉ])")
_NOBODY = frozenset(("[Traditional]", "[Unknown]"))

DIED: dict[str, int] = {
    "Al Dubin": 1945, "Al Jolson": 1950, "Albert Chevalier": 1923, "Alfredo Le Pera": 1935,
    "Arthur Johnston": 1954, "Arthur Lamb": 1928, "Arthur Sullivan": 1900, "Augustus Toplady": 1778,
    "B.G. DeSylva": 1950, "Ballard MacDonald": 1935, "Banjo Paterson": 1941, "Benjamin Russell Hanby": 1867,
    "Bennie Moten": 1935, "Bert Kalmar": 1947, "Bert Lee": 1946, "Beth Slater Whitson": 1930,
    "Billy Hill": 1940, "Brewster M. Higley": 1911, "Carlos Gardel": 1935, "Charles Austin Miles": 1946,
    "Charles C. Converse": 1918, "Charles D. Tillman": 1943, "Charles Gounod": 1893,
    "Charles K. Harris": 1930, "Charles N. Daniels": 1943, "Charles Wesley": 1788, "Chauncey Olcott": 1932,
    "Christina Rossetti": 1894, "Clarence Gaskill": 1948, "Claude Debussy": 1918,
    "Claude Joseph Rouget de Lisle": 1836, "Clifford Grey": 1941, "Con Conrad": 1938, "Dan Emmett": 1904,
    "Daniel Alomías Robles": 1942, "DuBose Heyward": 1940, "Eben E. Rexford": 1916, "Edmund Sears": 1876,
    "Eduardo Di Capua": 1917, "Edward Madden": 1952, "Edward Teschemacher": 1940,
    "Egbert Van Alstyne": 1951, "Eliza Flower": 1846, "Ernest Ball": 1927, "Ernie Erdman": 1946,
    "Eugène Cormon": 1903, "Eugène Pottier": 1887, "Fats Waller": 1943, "Felix Bernard": 1944,
    "Felix Mendelssohn": 1847, "Frank Churchill": 1942, "Franz Liszt": 1886, "Fred E. Ahlert": 1953,
    "Fred Fisher": 1942, "Fred Godfrey": 1953, "Fred W. Leigh": 1924, "Frederic Weatherly": 1929,
    "Frederick Oakeley": 1880, "Frederick Ricketts": 1945, "George A. Norton": 1923,
    "George F. Root": 1895, "George Gershwin": 1937, "George Leybourne": 1884, "George M. Cohan": 1942,
    "Georges Bizet": 1875, "Gerardo Matos Rodríguez": 1948, "Giacomo Puccini": 1924,
    "Giovanni Capurro": 1920, "Glen MacDonough": 1924, "Glenn Miller": 1944, "Grant Clarke": 1931,
    "Gus Edwards": 1945, "Gus Kahn": 1941, "Guy d'Hardelot": 1936, "H.P. Danks": 1903,
    "Harry B. Smith": 1936, "Harry Von Tilzer": 1946, "Harry Williams": 1922, "Henry Blossom": 1919,
    "Henry Creamer": 1930, "Henry Rowley Bishop": 1855, "Hughie Cannon": 1912, "Irving Kahal": 1942,
    "Isaac Watts": 1748, "Ivor Novello": 1951, "James A. Bland": 1911, "James Hanley": 1942,
    "James P. Johnson": 1955, "James Pierpont": 1893, "Jerome Kern": 1945, "Jimmie Rodgers": 1933,
    "Jimmy Monaco": 1945, "Joe Burke": 1950, "Joe Young": 1939, "Johann Strauss (Vater)": 1849,
    "Johannes Brahms": 1897, "John Baptiste Calkin": 1905, "John Henry Hopkins Jr.": 1891,
    "John Mason Neale": 1866, "John Philip Sousa": 1932, "John W. Bratton": 1947,
    "Joseph Brackett, Jr.": 1882, "Joseph Eastburn Winner": 1918, "Joseph M. Scriven": 1886,
    "Joseph McCarthy": 1943, "Julia Ward Howe": 1910, "Karl Hoschna": 1911, "Katharine Lee Bates": 1929,
    "Leo Friedman": 1927, "Leslie Stuart": 1928, "Lew Pollack": 1946, "Lewis F. Muir": 1915,
    "Lewis Redner": 1908, "Liliuokalani": 1917, "Lionel Monckton": 1924, "Louis Hirsch": 1924,
    "Lowell Mason": 1872, "Ludwig van Beethoven": 1827, "Luigi Denza": 1922, "Ma Rainey": 1939,
    "Mark Sheridan": 1918, "Maurice Ravel": 1937, "Michael Maybrick": 1913, "Michel Carré": 1872,
    "Mildred Hill": 1916, "Narciso Serradell Sevilla": 1910, "Nat Ayer": 1952, "Nora Bayes": 1928,
    "Pascual Contursi": 1932, "Patty Hill": 1946, "Paul Dresser": 1906, "Peppino Turco": 1903,
    "Percy Wenrich": 1952, "Peter De Rose": 1953, "Phillips Brooks": 1893, "Pierre De Geyter": 1932,
    "Pietro Mascagni": 1945, "Ralph Rainger": 1942, "Raymond B. Egan": 1952, "Richard A. Whiting": 1938,
    "Rida Johnson Young": 1926, "Robert Burns": 1796, "Robert Johnson": 1938, "Robert Lowry": 1899,
    "Robert Tannahill": 1810, "Roy Turk": 1934, "Russ Columbo": 1934, "Sarah Flower Adams": 1848,
    "Scott Joplin": 1917, "Sebastián Yradier": 1865, "Septimus Winner": 1902, "Sigmund Romberg": 1951,
    "Sir Hubert Parry": 1918, "Stephen Foster": 1864, "Theodore Morse": 1924, "Thomas Hastings": 1872,
    "Thomas Oliphant": 1873, "Thomas P. Westendorf": 1923, "Tony Jackson": 1921, "Victor Herbert": 1924,
    "Victor Schertzinger": 1941, "Vincent Bryan": 1937, "Vincent Rose": 1944, "Vincent Youmans": 1946,
    "Walter Donaldson": 1947, "Will Cobb": 1930, "William Chatterton Dix": 1898, "William Jerome": 1932,
}  # fmt: skip
"""Year of death."""


def writers_of(name: str) -> tuple[str, ...]:
    """The writers that a file of OpenEWLD names, none where its name is of another form."""
    found = _NAMED.match(name)
    if not found:
        return ()
    return tuple(
        re.sub(r"_\[\d\]$", "", writer).replace("_", " ") for writer in _BETWEEN.split(found["writers"])
    )


def is_free(name: str) -> bool:
    """Whether all writers that a file of OpenEWLD names are known to have died by :data:`LAST_YEAR`."""
    writers = writers_of(name)
    return bool(writers) and all(w in _NOBODY or DIED.get(w, LAST_YEAR + 1) <= LAST_YEAR for w in writers)
