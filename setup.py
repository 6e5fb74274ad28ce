"Package metadata, read from settings.ini."
import re
import sys
from configparser import ConfigParser
from pathlib import Path

here = Path(__file__).parent
parser = ConfigParser(delimiters=['='])
parser.read(here/'settings.ini', encoding='utf-8')
cfg = parser['DEFAULT']

extras = {name[len('extra_'):]: cfg[name].split() for name in cfg if name.startswith('extra_')}
extras['all'] = sorted({req for name, reqs in extras.items() if name != 'torchaudio' for req in reqs})
extras['dev'] = sorted({*extras['all'], *extras['torchaudio'], *cfg['dev_requirements'].split()})

if sys.argv[1:] == ['--requirements']: # for `make`, which installs them before there is a wheel
    print(*cfg['requirements'].split(), sep='\n')
    sys.exit()

from setuptools import find_packages, setup # not in every fresh environment

def readme():
    "README.md with links that also work away from the repository"
    text = (here/'README.md').read_text(encoding='utf-8')
    return re.sub(r'(!?)\[([^]]*)\]\((?![a-z]+:|#)([^)]+)\)', lambda link: f'{link[1]}[{link[2]}]({cfg["git_url"]}/{"raw" if link[1] else "blob"}/{cfg["branch"]}/{link[3]})', text)

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'],
    author=cfg['author'], author_email=cfg['author_email'], url=cfg['git_url'], license='Apache-2.0',
    long_description=readme(), project_urls=dict(Documentation=f"{cfg['doc_host']}{cfg['doc_baseurl']}", Changelog=f"{cfg['git_url']}/blob/{cfg['branch']}/CHANGELOG.md"),
    long_description_content_type='text/markdown',
    packages=find_packages(include=['audio_kd', 'audio_kd.*']), include_package_data=True, package_data={'audio_kd': ['py.typed', 'config/**/*.yaml', 'distill/*.txt', 'export/web/*']},
    python_requires=f">={cfg['min_python']}", install_requires=cfg['requirements'].split(), extras_require=extras,
    entry_points={'console_scripts': cfg['console_scripts'].split(), 'nbdev': [f"{cfg['lib_name']}={cfg['lib_name']}._modidx:d"]},
    classifiers=['Development Status :: 3 - Alpha', 'Intended Audience :: Developers', 'Intended Audience :: Science/Research',
                 'Programming Language :: Python :: 3', 'Programming Language :: Python :: 3 :: Only', 'Framework :: Jupyter', 'Operating System :: OS Independent', 'Typing :: Typed',
                 'Topic :: Multimedia :: Sound/Audio :: Analysis', 'Topic :: Scientific/Engineering :: Artificial Intelligence', 'License :: OSI Approved :: Apache Software License'],
    zip_safe=False)
